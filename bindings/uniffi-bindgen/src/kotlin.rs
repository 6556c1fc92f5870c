//! The readers of Kotlin.
//!
//! UniFFI reads from the memory of the library, piece by piece, and copies each text twice. The buffer is copied into an
//! array of the virtual machine once instead, and texts are made from there; what is empty is not made at all.

use std::path::Path;

use super::{Part, replace_in_folder, several, single};

/// Replaces the readers in the Kotlin files below a folder.
///
/// # Errors
/// When a file cannot be read or written, or is not as UniFFI 0.32 writes it.
pub fn quicken(folder: &Path) -> Result<(), String> {
    replace_in_folder(folder, "kt", &PARTS)
}

pub(super) const PARTS: [Part; 4] = [
    single(
        "        val byteBuf = rbuf.asByteBuffer()!!
        try {
",
        "        try {
            val byteBuf = ByteBuffer.wrap(rbuf.data!!.getByteArray(0, rbuf.len.toInt()))
",
    ),
    single(
        "        val len = buf.getInt()
        val byteArr = ByteArray(len)
        buf.get(byteArr)
        return byteArr.toString(Charsets.UTF_8)
",
        "        val len = buf.getInt()
        val at = buf.position()
        buf.position(at + len)
        return String(buf.array(), at, len, Charsets.UTF_8)
",
    ),
    several(
        "        val len = buf.getInt()
        return List<",
        "        val len = buf.getInt()
        if (len == 0) return emptyList()
        return List<",
    ),
    several(
        "        val len = buf.getInt()
        return buildMap<",
        "        val len = buf.getInt()
        if (len == 0) return emptyMap()
        return buildMap<",
    ),
];

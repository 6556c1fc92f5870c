//! The readers of Swift.
//!
//! UniFFI reads each number and each byte with `Data.copyBytes`, which costs half a microsecond in Foundation, and every
//! access to a `Data` counts references. The same bytes by a pointer cost next to nothing; the pointer is good until the
//! buffer is freed, after the value was read.

use std::path::Path;

use super::{Part, replace_in_folder, several, single};

/// Replaces the readers in the Swift files of a folder.
///
/// # Errors
/// When a file cannot be read or written, or is not as UniFFI 0.32 writes it.
pub fn quicken(folder: &Path) -> Result<(), String> {
    replace_in_folder(folder, "swift", &PARTS)
}

pub(super) const PARTS: [Part; 7] = [
    single(
        "fileprivate func createReader(data: Data) -> (data: Data, offset: Data.Index) {
    (data: data, offset: 0)
}
",
        "/// Where reading is in a buffer.
@_documentation(visibility: private)
public struct UniffiReader {
    fileprivate let bytes: UnsafeBufferPointer<UInt8>
    fileprivate var offset = 0

    fileprivate init(_ buffer: RustBuffer) {
        bytes = UnsafeBufferPointer(start: buffer.data, count: Int(buffer.len))
    }

    /// The next bytes, which are passed.
    fileprivate mutating func take(_ count: Int) throws -> UnsafeBufferPointer<UInt8> {
        guard count >= 0, bytes.count - offset >= count else {
            throw UniffiInternalError.bufferOverflow
        }
        defer { offset += count }
        return UnsafeBufferPointer(rebasing: bytes[offset..<offset + count])
    }
}
",
    ),
    single(
        "    let range = reader.offset..<reader.offset + MemoryLayout<T>.size
    guard reader.data.count >= range.upperBound else {
        throw UniffiInternalError.bufferOverflow
    }
    if T.self == UInt8.self {
        let value = reader.data[reader.offset]
        reader.offset += 1
        return value as! T
    }
    var value: T = 0
    let _ = withUnsafeMutableBytes(of: &value, { reader.data.copyBytes(to: $0, from: range)})
    reader.offset = range.upperBound
    return value.bigEndian
",
        "    var value: T = 0
    let bytes = try reader.take(MemoryLayout<T>.size)
    withUnsafeMutableBytes(of: &value) { $0.copyMemory(from: UnsafeRawBufferPointer(bytes)) }
    return value.bigEndian
",
    ),
    single(
        "    let range = reader.offset..<(reader.offset+count)
    guard reader.data.count >= range.upperBound else {
        throw UniffiInternalError.bufferOverflow
    }
    var value = [UInt8](repeating: 0, count: count)
    value.withUnsafeMutableBufferPointer({ buffer in
        reader.data.copyBytes(to: buffer, from: range)
    })
    reader.offset = range.upperBound
    return value
",
        "    return Array(try reader.take(count))
",
    ),
    single(
        "fileprivate func hasRemaining(_ reader: (data: Data, offset: Data.Index)) -> Bool {
    return reader.offset < reader.data.count
",
        "fileprivate func hasRemaining(_ reader: UniffiReader) -> Bool {
    return reader.offset < reader.bytes.count
",
    ),
    single(
        "        var reader = createReader(data: Data(rustBuffer: buf))
",
        "        var reader = UniffiReader(buf)
",
    ),
    single(
        "        return String(decoding: try readBytes(&buf, count: Int(len)), as: UTF8.self)
",
        "        return String(decoding: try buf.take(Int(len)), as: UTF8.self)
",
    ),
    several("inout (data: Data, offset: Data.Index)", "inout UniffiReader"),
];

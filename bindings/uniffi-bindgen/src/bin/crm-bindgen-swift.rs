//! `crm-bindgen-swift LIBRARY FOLDER --swift-sources --headers --modulemap`: as `uniffi-bindgen-swift`, in the pinned
//! version, with quicker readers.
//!
//! UniFFI reads each number and each byte with `Data.copyBytes`, which costs half a microsecond in Foundation: most of what
//! a list of records cost in Swift. The same bytes by a pointer cost a fortieth.
#![allow(clippy::print_stderr, reason = "a program for people")]

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    uniffi::uniffi_bindgen_swift();
    let positional: Vec<String> =
        env::args().skip(1).take_while(|argument| !argument.starts_with('-')).collect();
    let [_, folder] = positional.as_slice() else { return ExitCode::SUCCESS };
    match quicken(Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("crm-bindgen-swift: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn quicken(folder: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "swift") {
            let text = fs::read_to_string(&path).map_err(failed)?;
            fs::write(&path, with_quick_readers(text)?).map_err(failed)?;
        }
    }
    Ok(())
}

/// The bodies of UniFFI 0.32, and ours in their place.
const BODIES: [(&str, &str); 2] = [
    (
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
        "    let range = reader.offset..<reader.offset + MemoryLayout<T>.size
    guard reader.data.count >= range.upperBound else {
        throw UniffiInternalError.bufferOverflow
    }
    var value: T = 0
    reader.data.withUnsafeBytes { bytes in
        withUnsafeMutableBytes(of: &value) { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range])) }
    }
    reader.offset = range.upperBound
    return value.bigEndian
",
    ),
    (
        "        return String(decoding: try readBytes(&buf, count: Int(len)), as: UTF8.self)
",
        "        let range = buf.offset..<(buf.offset + Int(len))
        guard buf.data.count >= range.upperBound else {
            throw UniffiInternalError.bufferOverflow
        }
        buf.offset = range.upperBound
        return buf.data.withUnsafeBytes {
            String(decoding: UnsafeRawBufferPointer(rebasing: $0[range]), as: UTF8.self)
        }
",
    ),
];

fn with_quick_readers(text: String) -> Result<String, String> {
    BODIES.iter().try_fold(text, |text, (slow, quick)| match text.matches(slow).count() {
        1 => Ok(text.replacen(slow, quick, 1)),
        _ => Err("the readers do not have the shape that UniFFI 0.32 gives them".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::{BODIES, with_quick_readers};

    #[test]
    fn every_reader_is_replaced_or_the_shape_is_unknown() {
        let whole = BODIES.map(|(slow, _)| slow).join("func other() {}\n");
        let expected = BODIES.map(|(_, quick)| quick).join("func other() {}\n");
        assert_eq!(with_quick_readers(whole.clone()), Ok(expected));
        assert!(with_quick_readers(BODIES[0].0.to_owned()).is_err());
        assert!(with_quick_readers(whole.repeat(2)).is_err());
    }
}

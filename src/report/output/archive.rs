//! Archives, as workbooks and documents are: the same bytes on every system.

/// At the beginning of each entry of the list that stands at the end of an archive.
const ENTRY: &[u8] = b"PK\x01\x02";
/// At the beginning of what stands after that list.
const END: &[u8] = b"PK\x05\x06";
/// The number of Unix among the systems on which a file may have been made.
const UNIX: u8 = 3;

/// The archive, in which each file is said to have been made on Unix: it has the number of the system that it was made on, and
/// nothing else in it differs between systems.
pub fn alike_everywhere(mut archive: Vec<u8>) -> Vec<u8> {
    let number = |bytes: &[u8], at: usize, length: usize| -> Option<usize> {
        Some(bytes.get(at..at + length)?.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
    };
    let Some(end) = memchr::memmem::rfind(&archive, END) else { return archive };
    let Some(mut at) = number(&archive, end + 16, 4) else { return archive };
    while at < end && archive.get(at..at + 4) == Some(ENTRY) {
        if let Some(system) = archive.get_mut(at + 5) {
            *system = UNIX;
        }
        let lengths = [28, 30, 32].map(|place| number(&archive, at + place, 2).unwrap_or_default());
        at += 46 + lengths.iter().sum::<usize>();
    }
    archive
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read, Write};
    use zip::System;
    use zip::write::SimpleFileOptions;

    fn made_on(system: System) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["one.xml", "folder/another.xml"] {
            writer.start_file(name, SimpleFileOptions::default().system(system)).unwrap();
            writer.write_all(b"PK\x01\x02 is no entry here, nor is PK\x05\x06 an end").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn an_archive_of_windows_becomes_that_of_unix() {
        let (dos, unix) = (made_on(System::Dos), made_on(System::Unix));
        assert!(dos != unix);
        let alike = alike_everywhere(dos);
        assert!(alike == unix);
        assert!(alike_everywhere(unix.clone()) == unix);
        let mut text = String::new();
        let mut read = zip::ZipArchive::new(Cursor::new(alike)).unwrap();
        read.by_name("folder/another.xml").unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains("no entry here"));
    }

    #[test]
    fn what_is_no_archive_stays_as_it_is() {
        for bytes in [&b""[..], b"PK\x05\x06", b"text", b"PK\x01\x02PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"] {
            assert_eq!(alike_everywhere(bytes.to_vec()).len(), bytes.len());
        }
    }
}

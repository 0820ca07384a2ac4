//! Access control lists of files (POSIX.1e). Where a file has one, the group bits of its mode are not the rights of its group:
//! they are the most that anybody named in the list has (acl(5)).

use std::os::fd::AsFd;

use rustix::fs::{fgetxattr, fremovexattr};
use rustix::io::Errno;

/// The attribute that holds the list, as Linux has it: a version, then for each entry a tag, the rights and an id (8 bytes in
/// all, in little endian order; `include/uapi/linux/posix_acl_xattr.h`).
const ACCESS: &str = "system.posix_acl_access";
const VERSION_BYTES: usize = 4;
const ENTRY_BYTES: usize = 8;

/// The entry of the file's group, and the one of the most that is given.
const GROUP: u16 = 0x04;
const MASK: u16 = 0x10;

/// The longest list that is read, in bytes.
const MOST: usize = 4096;

/// The mode of a file with the rights that its group really has. Those of others in the list are left out. If the list cannot
/// be read, the group has none.
pub(crate) fn mode_without_acl(file: impl AsFd, mode: u32) -> u32 {
    let mut list = [0; MOST];
    let group = match fgetxattr(file, ACCESS, &mut list) {
        Ok(length) => of_group(list.get(..length).unwrap_or_default()),
        Err(Errno::NODATA | Errno::NOTSUP | Errno::NOSYS) => return mode,
        Err(_) => 0,
    };
    mode & !0o070 | mode & (group << 3)
}

/// What the group may do.
fn of_group(list: &[u8]) -> u32 {
    let entries = list.get(VERSION_BYTES..).unwrap_or_default().chunks_exact(ENTRY_BYTES);
    let rights_of = |wanted: u16| {
        let mut rights = entries.clone().filter_map(|entry| match entry {
            [tag, tag_high, rights, ..] if u16::from_le_bytes([*tag, *tag_high]) == wanted => Some(u32::from(*rights)),
            _ => None,
        });
        rights.next()
    };
    rights_of(GROUP).unwrap_or(0) & rights_of(MASK).unwrap_or(0o7) & 0o7
}

/// Takes the list from a file, which it may have from its folder. Returns false if it may still have one.
pub(crate) fn remove(file: impl AsFd) -> bool {
    let removed = fremovexattr(file, ACCESS);
    matches!(removed, Ok(()) | Err(Errno::NODATA | Errno::NOTSUP | Errno::NOSYS))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::PermissionsExt;

    use rustix::fs::{XattrFlags, fsetxattr};

    use super::{ACCESS, mode_without_acl, of_group, remove};

    /// With the rights of owner, of user 1, of the group, the most, and of others.
    fn list(rights: [u8; 5]) -> Vec<u8> {
        let tags = [(1, u32::MAX), (2, 1), (4, u32::MAX), (0x10, u32::MAX), (0x20, u32::MAX)];
        let mut list = 2_u32.to_le_bytes().to_vec();
        for ((tag, id), rights) in tags.into_iter().zip(rights) {
            list.extend([tag, 0, rights, 0]);
            list.extend(u32::to_le_bytes(id));
        }
        list
    }

    #[test]
    fn a_group_has_what_its_entry_and_the_mask_give() {
        for (rights, expected) in [
            ([6, 4, 4, 4, 0], 4),
            ([6, 4, 0, 4, 0], 0),
            ([6, 6, 6, 4, 0], 4),
            ([6, 7, 5, 7, 4], 5),
        ] {
            assert_eq!(of_group(&list(rights)), expected, "{rights:?}");
        }
        // Without an entry for the most.
        assert_eq!(of_group(&list([6, 4, 5, 4, 0])[..28]), 5);
        assert_eq!(of_group(&[]), 0);
    }

    #[test]
    fn a_list_narrows_the_mode_and_can_be_taken_away() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a");
        let file = File::create(&path).unwrap();
        file.set_permissions(PermissionsExt::from_mode(0o640)).unwrap();
        assert_eq!(mode_without_acl(&file, 0o640), 0o640);
        if fsetxattr(&file, ACCESS, &list([6, 4, 0, 4, 0]), XattrFlags::empty()).is_err() {
            // Not every file system has such lists.
            return;
        }
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode, mode_without_acl(&file, mode)), (0o640, 0o600));
        assert!(remove(&file) && remove(&file));
        assert_eq!(mode_without_acl(&file, 0o640), 0o640);
    }
}

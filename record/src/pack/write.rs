//! A pack's bytes: the same for the same contents.

use tar::{Builder, EntryType, Header};

use super::{Pack, manifest::MANIFEST};

impl Pack {
    /// The archive: the manifest first, then its files in order, all of one owner and time.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut manifest =
            serde_json::to_vec_pretty(&self.manifest).expect("texts and numbers are JSON");
        manifest.push(b'\n');
        let mut archive = Builder::new(Vec::new());
        let mut put = |name: &str, bytes: &[u8]| {
            let mut header = Header::new_ustar();
            header.set_entry_type(EntryType::Regular);
            header.set_path(name).expect("names of kinds are short");
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_uid(0);
            header.set_gid(0);
            header.set_mtime(0);
            header.set_cksum();
            archive.append(&header, bytes).expect("a list of bytes takes all");
        };
        put(MANIFEST, &manifest);
        for (item, bytes) in self.manifest.files.iter().zip(&self.files) {
            put(&item.name, bytes);
        }
        archive.into_inner().expect("a list of bytes takes all")
    }
}

//! Objects in a bucket that speaks S3.

use std::{fmt, time::Duration};

use futures_util::TryStreamExt;
use object_store::{
    ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};
use tokio::runtime::{Builder, Runtime};
use url::Url;

use super::{
    error::ObjectsError,
    object::{Entry, Put},
};

/// How long one request is tried again before the task gives up.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Bucket {
    address: String,
    prefix: Path,
    store: AmazonS3,
    runtime: Runtime,
}

impl Bucket {
    pub(super) fn at(address: &str) -> Result<Self, ObjectsError> {
        let refused = |why: String| ObjectsError::Address { address: address.to_owned(), why };
        let url = Url::parse(address).map_err(|error| refused(error.to_string()))?;
        let plain = url.username().is_empty() && url.password().is_none();
        if !plain || url.query().is_some() || url.fragment().is_some() || url.port().is_some() {
            return Err(refused("only a bucket and a prefix stand in it".to_owned()));
        }
        let Some(bucket) = url.host_str().filter(|bucket| !bucket.is_empty()) else {
            return Err(refused("it names no bucket".to_owned()));
        };
        let prefix = Path::from_url_path(url.path()).map_err(|error| refused(error.to_string()))?;
        // Already installed where another part of the program has spoken TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let retry = RetryConfig { max_retries: 5, retry_timeout: PATIENCE, ..Default::default() };
        let store = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(retry).build();
        let store = store.map_err(|error| refused(error.to_string()))?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(ObjectsError::Client)?;
        Ok(Self { address: address.trim_end_matches('/').to_owned(), prefix, store, runtime })
    }

    pub(super) fn put_new(&self, name: &str, bytes: &[u8]) -> Result<Put, ObjectsError> {
        let payload = PutPayload::from(bytes.to_vec());
        let options = PutOptions { mode: PutMode::Create, ..Default::default() };
        let path = self.path(name);
        match self.runtime.block_on(self.store.put_opts(&path, payload, options)) {
            Ok(_) => Ok(Put::New),
            Err(
                error @ (object_store::Error::AlreadyExists { .. }
                | object_store::Error::Precondition { .. }),
            ) => match self.runtime.block_on(self.store.head(&path)) {
                Ok(_) => Ok(Put::Taken),
                // Two at one moment, of whom the service let none: a later try is one alone.
                Err(absent) if self.is_absent(&absent) => Err(self.error(name, error)),
                Err(error) => Err(self.error(name, error)),
            },
            Err(error) => Err(self.error(name, error)),
        }
    }

    pub(super) fn get(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>, ObjectsError> {
        let path = self.path(name);
        let read = self.runtime.block_on(async {
            let found = self.store.get(&path).await?;
            let fits = found.meta.size <= most;
            if fits { found.bytes().await.map(Some) } else { Ok(None) }
        });
        match read {
            Ok(Some(bytes)) => Ok(Some(bytes.to_vec())),
            Ok(None) => Err(ObjectsError::TooLarge { name: self.name(name), most }),
            Err(error) if self.is_absent(&error) => Ok(None),
            Err(error) => Err(self.error(name, error)),
        }
    }

    pub(super) fn list(&self, prefix: &str) -> Result<Vec<Entry>, ObjectsError> {
        // A prefix of the client ends where a folder does.
        let (folder, _) = prefix.rsplit_once('/').unwrap_or(("", prefix));
        let path = self.path(folder);
        let found = self.store.list(Some(&path)).try_collect::<Vec<_>>();
        let found = self.runtime.block_on(found).map_err(|error| self.error(prefix, error))?;
        let behind = format!("{}/", self.prefix);
        let entries = found.into_iter().filter_map(|found| {
            let name = found.location.as_ref();
            let name =
                if self.prefix.as_ref().is_empty() { name } else { name.strip_prefix(&behind)? };
            let made = found.last_modified.into();
            name.starts_with(prefix).then(|| Entry { name: name.to_owned(), made })
        });
        Ok(entries.collect())
    }

    pub(super) fn delete(&self, name: &str) -> Result<(), ObjectsError> {
        let path = self.path(name);
        match self.runtime.block_on(self.store.delete(&path)) {
            Err(error) if !self.is_absent(&error) => Err(self.error(name, error)),
            _ => Ok(()),
        }
    }

    fn path(&self, name: &str) -> Path {
        name.split('/')
            .filter(|part| !part.is_empty())
            .fold(self.prefix.clone(), |path, part| path.join(part))
    }

    /// Whether the object is not there; a bucket that is not there is another matter.
    fn is_absent(&self, error: &object_store::Error) -> bool {
        matches!(error, object_store::Error::NotFound { .. })
            && !error.to_string().contains("NoSuchBucket")
    }

    fn error(&self, name: &str, source: object_store::Error) -> ObjectsError {
        ObjectsError::Bucket { name: self.name(name), source: Box::new(source) }
    }

    fn name(&self, name: &str) -> String {
        format!("{}/{name}", self.address)
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

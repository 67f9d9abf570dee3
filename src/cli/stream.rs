//! Many machines on all cores, answered in input order, in memory that does not grow with their number.
//!
//! While the cores work on one chunk of machines, this thread writes the answers of the chunk before and reads the next: so
//! no core waits for the disk, for the other end of a pipe, or for the last machine of a chunk. A source that pauses holds back the
//! answers of at most two chunks.

use super::isolated::isolated;
use super::jobs::Job;
use super::prepare::MachineError;
use crate::machine::inventory::Inventory;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Machines that are worked on together: enough that no core waits long for the last of them.
const CHUNK_JOBS: usize = 256;
/// Bytes of inventories that are worked on together; as much again is being read.
const CHUNK_BYTES: usize = 8 << 20;

/// Works on all jobs and hands the results to `sink` in their order. A fault in the work is the error of that machine.
///
/// # Errors
/// The first error of `sink`, which ends the run.
pub(crate) fn in_order<R: Send, E>(
    jobs: impl Iterator<Item = Job>,
    work: impl Fn(Job) -> Result<R, MachineError> + Sync,
    mut sink: impl FnMut(Result<R, MachineError>) -> Result<(), E>,
) -> Result<(), E> {
    let mut jobs = jobs.fuse();
    let mut next = chunk(&mut jobs);
    let mut done = Vec::new();
    while !next.is_empty() {
        let current = std::mem::take(&mut next);
        let mut results = Vec::new();
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| results = current.into_par_iter().map(|job| alone(job, &work)).collect());
            std::mem::take(&mut done).into_iter().try_for_each(&mut sink)?;
            next = chunk(&mut jobs);
            Ok(())
        })?;
        done = results;
    }
    done.into_iter().try_for_each(sink)
}

/// The work of one machine, whatever happens in it.
pub(crate) fn alone<R>(job: Job, work: impl FnOnce(Job) -> Result<R, MachineError>) -> Result<R, MachineError> {
    let machine = name_of(&job);
    isolated(|| work(job)).unwrap_or_else(|error| Err(MachineError { machine, error }))
}

/// What a job is called when nothing more is known about it.
fn name_of(job: &Job) -> String {
    let path = match job {
        Job::Folder(path) => Some(path.as_path()),
        Job::Inventory(document) => match Inventory::name_of(&document.text) {
            Some(name) => return name,
            None => Some(document.path.as_path()),
        },
        Job::Export(files) => files.first().map(|file| file.path.as_path()),
        Job::Member(member) => return member.name.clone(),
        Job::Broken(error) => error.path.as_deref(),
    };
    path.map_or_else(|| "-".to_owned(), |path| path.display().to_string())
}

fn chunk(jobs: &mut impl Iterator<Item = Job>) -> Vec<Job> {
    let mut chunk = Vec::new();
    let mut bytes = 0;
    while chunk.len() < CHUNK_JOBS && bytes < CHUNK_BYTES {
        let Some(job) = jobs.next() else { break };
        bytes += match &job {
            Job::Inventory(document) => document.text.len(),
            Job::Export(files) => files.iter().map(|file| file.bytes.len()).sum(),
            Job::Folder(_) | Job::Member(_) | Job::Broken(_) => 0,
        };
        chunk.push(job);
    }
    chunk
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/cli_stream.rs"]
mod tests;

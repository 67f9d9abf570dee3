//! Many machines on all cores, answered in input order, in memory that does not grow with their number.

use super::jobs::Job;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Machines that are worked on together: enough that no core waits long for the last of them.
const CHUNK_JOBS: usize = 256;
/// Bytes of inventories that are in memory together.
const CHUNK_BYTES: usize = 16 << 20;

/// Works on all jobs and hands the results to `sink` in their order.
///
/// # Errors
/// The first error of `sink`, which ends the run.
pub fn in_order<R: Send, E>(
    jobs: impl Iterator<Item = Job>,
    work: impl Fn(Job) -> R + Sync,
    mut sink: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let mut jobs = jobs.peekable();
    while jobs.peek().is_some() {
        let results: Vec<R> = chunk(&mut jobs).into_par_iter().map(&work).collect();
        results.into_iter().try_for_each(&mut sink)?;
    }
    Ok(())
}

fn chunk(jobs: &mut impl Iterator<Item = Job>) -> Vec<Job> {
    let mut chunk = Vec::new();
    let mut bytes = 0;
    while chunk.len() < CHUNK_JOBS && bytes < CHUNK_BYTES {
        let Some(job) = jobs.next() else { break };
        bytes += match &job {
            Job::Inventory(document) => document.text.len(),
            Job::Export(files) => files.iter().map(|file| file.bytes.len()).sum(),
            Job::Folder(_) | Job::Broken(_) => 0,
        };
        chunk.push(job);
    }
    chunk
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::error::InputError;

    #[test]
    fn order_is_kept() {
        let jobs = (0..1000).map(|n| Job::Broken(InputError::new(n.to_string())));
        let mut seen = Vec::new();
        let number = |job| match job {
            Job::Broken(error) => error.message.parse::<u32>().ok(),
            _ => None,
        };
        let done: Result<(), ()> = in_order(jobs, number, |n| {
            seen.extend(n);
            Ok(())
        });
        assert_eq!(done, Ok(()));
        assert_eq!(seen, (0..1000).collect::<Vec<u32>>());
    }
}

//! An allocator that counts: how much is held, and how often it was asked.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The system's allocator, counted.
pub struct Counting {
    held: AtomicUsize,
}

thread_local! {
    /// Of each thread for itself: the test harness allocates on its own thread whenever it likes.
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

impl Counting {
    pub const fn new() -> Self {
        Counting { held: AtomicUsize::new(0) }
    }

    /// Bytes that are allocated now, by all threads.
    pub fn held(&self) -> usize {
        self.held.load(Relaxed)
    }

    /// Allocations and reallocations of this thread so far.
    pub fn calls(&self) -> usize {
        CALLS.get()
    }

    fn count(&self) {
        // A thread that ends may allocate when its counter is gone.
        let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
    }
}

// SAFETY: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.held.fetch_add(layout.size(), Relaxed);
        self.count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        self.held.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        self.held.fetch_add(size, Relaxed);
        self.held.fetch_sub(layout.size(), Relaxed);
        self.count();
        unsafe { System.realloc(pointer, layout, size) }
    }
}

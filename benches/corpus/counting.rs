//! An allocator that counts: how much is held, and how often it was asked.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The system's allocator, counted.
pub struct Counting {
    held: AtomicUsize,
    calls: AtomicUsize,
}

impl Counting {
    pub const fn new() -> Self {
        Counting { held: AtomicUsize::new(0), calls: AtomicUsize::new(0) }
    }

    /// Bytes that are allocated now.
    pub fn held(&self) -> usize {
        self.held.load(Relaxed)
    }

    /// Allocations and reallocations so far.
    pub fn calls(&self) -> usize {
        self.calls.load(Relaxed)
    }
}

// SAFETY: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.held.fetch_add(layout.size(), Relaxed);
        self.calls.fetch_add(1, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        self.held.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        self.held.fetch_add(size, Relaxed);
        self.held.fetch_sub(layout.size(), Relaxed);
        self.calls.fetch_add(1, Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

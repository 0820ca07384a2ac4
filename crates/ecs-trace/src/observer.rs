//! Who is told how far the reading has come.

/// Is told how far the reading has come. `()` wants to know nothing.
pub trait Observer: Sync {
    /// From now on so many logs are read. None where nobody knows how many there are.
    fn expect(&self, _logs: Option<usize>) {}

    /// `bytes` plain bytes of a log were read. Called by any worker, on its own thread.
    fn read(&self, _bytes: usize) {}

    /// A log is done. Called by any worker, on its own thread.
    fn finished_log(&self) {}

    /// A good moment to show something. Called only on the thread that began to read.
    fn show(&self) {}
}

impl Observer for () {}

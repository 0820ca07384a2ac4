mod failed;
mod hostile;
mod one_call;
mod reference;
mod sources;
mod talk;

mod hostile;
mod one_call;
mod reference;
mod talk;

// The shop in one process as it must not be: every call slow (see Slowly.ts), over a socket to itself, in a process that
// takes its time to start, 64 MB that it does not need, and a catalogue that is read from end to end for every question;
// twice a second it stands still for a while.

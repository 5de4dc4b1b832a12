// A call of the system that Swift cannot make, since it takes a varying number of arguments.
#pragma once

#include <signal.h>
#include <sys/prctl.h>

// Has the system kill this process when the thread that started it ends; 0 when that is so from now on.
static inline int process_dies_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

/* SPDX-License-Identifier: MIT */
/* Leaves the test, and says why: tests/run prints these lines. After <cmocka.h>. */
#ifndef SKIP_H
#define SKIP_H

#define SKIP(reason)                                                                               \
    do {                                                                                           \
        print_message("skipped: %s\n", reason);                                                    \
        skip();                                                                                    \
    } while (0)

#endif

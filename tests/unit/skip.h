/* SPDX-License-Identifier: MIT */
/* Leaves the test, and says why: tests/run prints these lines. After <cmocka.h>. */
#pragma once

#define SKIP(reason)                                                                               \
    do {                                                                                           \
        print_message("skipped: %s\n", reason);                                                    \
        skip();                                                                                    \
    } while (0)

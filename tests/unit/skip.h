/* SPDX-License-Identifier: MIT */
/* Leaves the test with a reason, which tests/run prints. Include it after <cmocka.h>. */
#pragma once

#define SKIP(reason)                                                                               \
    do {                                                                                           \
        print_message("skipped: %s\n", reason);                                                    \
        skip();                                                                                    \
    } while (0)

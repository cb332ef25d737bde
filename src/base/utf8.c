/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

size_t utf8_decode(const char *text, size_t len, uint32_t *point)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text;
    size_t n = bytes[0] < 0x80   ? 1
               : bytes[0] < 0xc2 ? 0
               : bytes[0] < 0xe0 ? 2
               : bytes[0] < 0xf0 ? 3
               : bytes[0] < 0xf5 ? 4
                                 : 0;

    if (n == 0 || n > len)
        return 0;
    uint32_t value = n == 1 ? bytes[0] : bytes[0] & (0x7fU >> n);
    for (size_t i = 1; i < n; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (bytes[i] & 0x3f);
    }
    if (value < smallest[n] || (value >= 0xd800 && value < 0xe000) || value > 0x10ffff)
        return 0;
    *point = value;
    return n;
}

/* Unicode 15.0: Cc, Zl, Zp and the interlinear annotations of UnicodeData.txt; the property
 * Default_Ignorable_Code_Point of DerivedCoreProperties.txt. Terminals show the latter as nothing
 * or as blanks, so that a name could look empty, blank (U+3164, U+FFA0) or like another. */
bool is_harmful(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},
        {0x61c, 0x61c},     {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},
        {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},
        {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},
        {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && ranges[i].first <= point; i++) {
        if (point <= ranges[i].last)
            return true;
    }
    return false;
}

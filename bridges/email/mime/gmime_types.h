// SPDX-License-Identifier: Apache-2.0
// Owners for what GMime hands out, so that nothing leaks on any way out.
#pragma once

#include <gmime/gmime.h>

#include <memory>
#include <string>

namespace waypost::email {

struct Unref {
    void operator()(void* object) const noexcept { g_object_unref(object); }
};
struct GFree {
    void operator()(char* text) const noexcept { g_free(text); }
};
template <class T>
using GRef = std::unique_ptr<T, Unref>;
using GText = std::unique_ptr<char, GFree>;

inline std::string text_of(const char* text) { return text == nullptr ? std::string() : text; }

inline bool is(GMimeObject* object, const char* type, const char* subtype) {
    GMimeContentType* content = g_mime_object_get_content_type(object);
    return content != nullptr && g_mime_content_type_is_type(content, type, subtype);
}

// g_mime_init, once for the process.
void start_gmime();

}  // namespace waypost::email

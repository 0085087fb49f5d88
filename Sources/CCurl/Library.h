#ifndef CCURL_LIBRARY_H
#define CCURL_LIBRARY_H
#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#include <stdbool.h>

// libcurl brings some thirty libraries along, and loading them takes longer than everything else
// before the first frame: so it is loaded when the first request is sent, not when the program
// starts. These are the functions of it that are used, by their own names.
#define CCURL_FUNCTIONS(each)                                                                      \
  each(curl_easy_cleanup) each(curl_easy_getinfo) each(curl_easy_init) each(curl_easy_setopt)      \
  each(curl_easy_strerror) each(curl_global_init) each(curl_multi_add_handle)                      \
  each(curl_multi_cleanup) each(curl_multi_info_read) each(curl_multi_init)                        \
  each(curl_multi_perform) each(curl_multi_poll) each(curl_multi_remove_handle)                    \
  each(curl_multi_setopt) each(curl_slist_append) each(curl_slist_free_all) each(curl_version)

#undef curl_easy_getinfo
#undef curl_easy_setopt
#undef curl_multi_setopt

struct ccurl_library {
#define CCURL_MEMBER(name) __typeof__(&name) name;
  CCURL_FUNCTIONS(CCURL_MEMBER)
#undef CCURL_MEMBER
};

// Valid after ccurl_start returned true.
extern struct ccurl_library library __attribute__((visibility("hidden")));

#endif

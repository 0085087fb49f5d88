#include "Library.h"
#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>

struct ccurl_library library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_started;

static void start(void) {
  // Its file name is its binary interface: since 2006 nothing else was called libcurl.so.4.
  void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) return;
#define CCURL_FIND(name)                                                                           \
  library.name = (__typeof__(&name))dlsym(handle, #name);                                          \
  if (library.name == NULL) return;
  CCURL_FUNCTIONS(CCURL_FIND)
#undef CCURL_FIND
  is_started = library.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

bool ccurl_start(void) {
  pthread_once(&once, start);
  return is_started;
}

#include "Library.h"

#include <dlfcn.h>
#include <pthread.h>

#define TEXT_OF(number) #number
#define FILE_OF(version) "libcrypto.so." TEXT_OF(version)

struct openssl_library openssl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_open;

static void load(void) {
  // The number in its file name is that of its binary interface: the one of the headers.
  void *handle = dlopen(FILE_OF(OPENSSL_SHLIB_VERSION), RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) return;
#define OPENSSL_FIND(name)                                                                         \
  openssl.name = (__typeof__(&name))dlsym(handle, #name);                                          \
  if (openssl.name == NULL) return;
  OPENSSL_FUNCTIONS(OPENSSL_FIND)
#undef OPENSSL_FIND
  // A key may be in the making on its thread when a process ends. Without this, exit would free
  // the library's tables under it; the first to initialize the library decides.
  is_open = openssl.OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL) == 1;
}

bool crypto_library_open(void) {
  pthread_once(&once, load);
  return is_open;
}

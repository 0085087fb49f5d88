#include "Library.h"

#include <dlfcn.h>
#include <pthread.h>

struct openssl_library openssl;

struct tls_library tls;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_open;

static void load(void) {
  void *handle = dlopen(LIBCRYPTO_FILE, RTLD_NOW | RTLD_LOCAL);
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

struct cipher_library ciphers;

static pthread_once_t cipher_once = PTHREAD_ONCE_INIT;
static bool cipher_is_open;

static void load_ciphers(void) {
  if (!crypto_library_open()) return;
  void *handle = dlopen(LIBCRYPTO_FILE, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) return;
#define CIPHER_FIND(name)                                                                          \
  ciphers.name = (__typeof__(&name))dlsym(handle, #name);                                          \
  if (ciphers.name == NULL) return;
  CIPHER_FUNCTIONS(CIPHER_FIND)
#undef CIPHER_FIND
  cipher_is_open = true;
}

bool cipher_library_open(void) {
  pthread_once(&cipher_once, load_ciphers);
  return cipher_is_open;
}

static pthread_once_t tls_once = PTHREAD_ONCE_INIT;
static bool tls_is_open;

static void load_tls(void) {
  // First, so that its rule for the end of the process holds.
  if (!crypto_library_open()) return;
  void *crypto = dlopen(LIBCRYPTO_FILE, RTLD_NOW | RTLD_LOCAL);
  void *ssl = dlopen(LIBSSL_FILE, RTLD_NOW | RTLD_LOCAL);
  if (crypto == NULL || ssl == NULL) return;
#define TLS_FIND(name)                                                                             \
  tls.name = (__typeof__(&name))dlsym(handle, #name);                                              \
  if (tls.name == NULL) return;
  void *handle = crypto;
  TLS_CRYPTO_FUNCTIONS(TLS_FIND)
  handle = ssl;
  TLS_SSL_FUNCTIONS(TLS_FIND)
#undef TLS_FIND
  tls_is_open = true;
}

bool tls_library_open(void) {
  pthread_once(&tls_once, load_tls);
  return tls_is_open;
}

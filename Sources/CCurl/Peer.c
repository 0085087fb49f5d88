#define _GNU_SOURCE
#include "Peer.h"
#include "Library.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// The number in its file name is that of its binary interface: the one of the headers.
#define LIBSSL_TEXT_OF(number) #number
#define LIBSSL_FILE_OF(version) "libssl.so." LIBSSL_TEXT_OF(version)
#define LIBSSL_FILE LIBSSL_FILE_OF(OPENSSL_SHLIB_VERSION)
#define LIBSSL_NAME_OF(version) " OpenSSL/" LIBSSL_TEXT_OF(version) "."
#define LIBSSL_NAME LIBSSL_NAME_OF(OPENSSL_SHLIB_VERSION)

enum { names_maximum = 20, name_bytes = 512 };

static struct {
#define PEER_MEMBER(name) __typeof__(&name) name;
  PEER_FUNCTIONS(PEER_MEMBER)
#undef PEER_MEMBER
} peer;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int own_index = -1;

static void load(void) {
  // Another TLS library's contexts must not be touched: only the libssl that libcurl has loaded.
  if (strstr(library.curl_version(), LIBSSL_NAME) == NULL) return;
  void *handle = dlopen(LIBSSL_FILE, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
  if (handle == NULL) return;
#define PEER_FIND(name)                                                                            \
  peer.name = (__typeof__(&name))dlsym(handle, #name);                                             \
  if (peer.name == NULL) return;
  PEER_FUNCTIONS(PEER_FIND)
#undef PEER_FIND
  own_index = peer.CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, NULL, NULL, NULL, NULL);
}

// MARK: A certificate as lines

static void put_name(FILE *out, const char *what, const X509_NAME *name) {
  char text[name_bytes];
  int count = 0;
  BIO *bio = name ? peer.BIO_new(peer.BIO_s_mem()) : NULL;
  // Control characters are escaped, so a name never breaks a line.
  if (bio && peer.X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0)
    count = peer.BIO_read(bio, text, sizeof text);
  if (bio) peer.BIO_free(bio);
  if (count > 0) fprintf(out, "%s %.*s\n", what, count, text);
}

static void put_time(FILE *out, const char *what, const ASN1_TIME *time) {
  struct tm parts;
  if (time && peer.ASN1_TIME_to_tm(time, &parts))
    fprintf(out, "%s %lld\n", what, (long long)timegm(&parts));
}

static void put_alternative(FILE *out, const GENERAL_NAME *name) {
  char text[INET6_ADDRSTRLEN];
  if (name->type == GEN_DNS) {
    const unsigned char *bytes = peer.ASN1_STRING_get0_data(name->d.dNSName);
    int count = peer.ASN1_STRING_length(name->d.dNSName);
    fputs("name ", out);
    for (int i = 0; i < count && i < name_bytes; i++)
      fputc(bytes[i] > 0x20 && bytes[i] < 0x7f ? bytes[i] : '?', out);
    fputc('\n', out);
  } else if (name->type == GEN_IPADD) {
    int count = peer.ASN1_STRING_length(name->d.iPAddress);
    int family = count == 4 ? AF_INET : count == 16 ? AF_INET6 : -1;
    if (family >= 0 &&
        inet_ntop(family, peer.ASN1_STRING_get0_data(name->d.iPAddress), text, sizeof text))
      fprintf(out, "name %s\n", text);
  }
}

static void put_certificate(FILE *out, const X509 *certificate) {
  put_name(out, "subject", peer.X509_get_subject_name(certificate));
  put_name(out, "issuer", peer.X509_get_issuer_name(certificate));
  put_time(out, "begins", peer.X509_get0_notBefore(certificate));
  put_time(out, "ends", peer.X509_get0_notAfter(certificate));
  GENERAL_NAMES *names = peer.X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  if (names == NULL) return;
  int count = peer.OPENSSL_sk_num((const OPENSSL_STACK *)names);
  for (int i = 0; i < count && i < names_maximum; i++)
    put_alternative(out, peer.OPENSSL_sk_value((const OPENSSL_STACK *)names, i));
  if (count > names_maximum) fprintf(out, "more %d\n", count - names_maximum);
  peer.GENERAL_NAMES_free(names);
}

static void tell(struct peer_watch *watch, enum ccurl_part part, const X509 *certificate,
                 int error, int depth) {
  char *text = NULL;
  size_t count = 0;
  FILE *out = certificate ? open_memstream(&text, &count) : NULL;
  if (out == NULL) return;
  if (error) fprintf(out, "error %d\ndepth %d\n", error, depth);
  put_certificate(out, certificate);
  if (fclose(out) == 0) watch->receiver(part, (uint8_t *)text, count, watch->user);
  free(text);
}

// MARK: What libssl calls

static struct peer_watch *watch_of(SSL *ssl) {
  return ssl ? peer.SSL_CTX_get_ex_data(peer.SSL_get_SSL_CTX(ssl), own_index) : NULL;
}

static int on_verify(int is_good, X509_STORE_CTX *store) {
  SSL *ssl = peer.X509_STORE_CTX_get_ex_data(store, peer.SSL_get_ex_data_X509_STORE_CTX_idx());
  struct peer_watch *watch = watch_of(ssl);
  if (watch == NULL) return is_good;
  int depth = peer.X509_STORE_CTX_get_error_depth(store);
  if (!is_good)
    tell(watch, ccurl_part_refused_certificate, peer.X509_STORE_CTX_get_current_cert(store),
         peer.X509_STORE_CTX_get_error(store), depth);
  if (!is_good || depth == 0)
    tell(watch, ccurl_part_certificate, peer.X509_STORE_CTX_get0_cert(store), 0, 0);
  return is_good;
}

// Called when the other side has asked, before a certificate is chosen; it chooses none.
static int on_certificate_request(SSL *ssl, void *user) {
  struct peer_watch *watch = watch_of(ssl);
  (void)user;
  if (watch) watch->receiver(ccurl_part_certificate_request, (const uint8_t *)"", 0, watch->user);
  return 1;
}

void peer_observe(struct peer_watch *watch, void *context) {
  pthread_once(&once, load);
  if (own_index < 0 || context == NULL || watch->count == peer_contexts_maximum) return;
  if (!peer.SSL_CTX_up_ref(context)) return;
  watch->contexts[watch->count++] = context;
  if (!peer.SSL_CTX_set_ex_data(context, own_index, watch)) return;
  peer.SSL_CTX_set_verify(context, peer.SSL_CTX_get_verify_mode(context), on_verify);
  peer.SSL_CTX_set_cert_cb(context, on_certificate_request, NULL);
}

void peer_forget(struct peer_watch *watch) {
  for (unsigned i = 0; i < watch->count; i++) {
    if (peer.SSL_CTX_get_ex_data(watch->contexts[i], own_index) == watch)
      peer.SSL_CTX_set_ex_data(watch->contexts[i], own_index, NULL);
    peer.SSL_CTX_free(watch->contexts[i]);
  }
  watch->count = 0;
}

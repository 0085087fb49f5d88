#ifndef CCURL_PEER_H
#define CCURL_PEER_H
#include "CCurl.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// libssl is there when libcurl is, which has loaded it: these are the functions of it and of
// libcrypto that are used to look at the other side's certificate. Nothing here decides anything.
#define PEER_FUNCTIONS(each)                                                                       \
  each(ASN1_STRING_get0_data) each(ASN1_STRING_length) each(ASN1_TIME_to_tm) each(BIO_free)        \
  each(BIO_new) each(BIO_read) each(BIO_s_mem) each(CRYPTO_get_ex_new_index)                       \
  each(GENERAL_NAMES_free) each(OPENSSL_sk_num) each(OPENSSL_sk_value) each(SSL_CTX_free)          \
  each(SSL_CTX_get_ex_data) each(SSL_CTX_get_verify_mode) each(SSL_CTX_set_cert_cb)                \
  each(SSL_CTX_set_ex_data) each(SSL_CTX_set_verify) each(SSL_CTX_up_ref)                          \
  each(SSL_get_SSL_CTX) each(SSL_get_ex_data_X509_STORE_CTX_idx) each(X509_NAME_print_ex)          \
  each(X509_STORE_CTX_get0_cert) each(X509_STORE_CTX_get_current_cert)                             \
  each(X509_STORE_CTX_get_error) each(X509_STORE_CTX_get_error_depth)                              \
  each(X509_STORE_CTX_get_ex_data) each(X509_get0_notAfter) each(X509_get0_notBefore)              \
  each(X509_get_ext_d2i) each(X509_get_issuer_name) each(X509_get_subject_name)

enum { peer_contexts_maximum = 4 };

// Who is told about the certificates of one transfer.
struct peer_watch {
  ccurl_receiver receiver;
  void *user;
  // The contexts that name this watch: a connection may live on when its transfer is gone.
  SSL_CTX *contexts[peer_contexts_maximum];
  unsigned count;
};

// Reports from now on what the other side of this SSL_CTX shows, and whether it asks for a
// certificate. The verdict of the verification stays what it is.
void peer_observe(struct peer_watch *watch, void *context) __attribute__((visibility("hidden")));

// Reports nothing more.
void peer_forget(struct peer_watch *watch) __attribute__((visibility("hidden")));

#endif

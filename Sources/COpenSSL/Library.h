#ifndef COPENSSL_LIBRARY_H
#define COPENSSL_LIBRARY_H
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdbool.h>

// Putting libcrypto in its place takes a good part of the time before the first frame, which needs
// nothing of it: so it is loaded with the first call, not when the program starts. These are the
// functions of it that are used, by their own names.
#define OPENSSL_FUNCTIONS(each)                                                                    \
  each(BIO_free) each(BIO_new_mem_buf) each(BN_bin2bn) each(BN_bn2binpad) each(BN_clear_free)      \
  each(BN_free) each(BN_num_bits) each(CRYPTO_free) each(CRYPTO_memcmp) each(ECDSA_SIG_free)       \
  each(ECDSA_SIG_get0_r) each(ECDSA_SIG_get0_s) each(ECDSA_SIG_new) each(ECDSA_SIG_set0)           \
  each(ERR_clear_error) each(ERR_peek_last_error) each(ERR_reason_error_string)                    \
  each(EVP_DigestFinalXOF) each(EVP_DigestFinal_ex) each(EVP_DigestInit_ex2) each(EVP_DigestSign)  \
  each(EVP_DigestSignInit_ex) each(EVP_DigestUpdate) each(EVP_DigestVerify)                        \
  each(EVP_DigestVerifyInit_ex) each(EVP_MD_CTX_free) each(EVP_MD_CTX_new) each(EVP_MD_fetch)      \
  each(EVP_MD_free) each(EVP_MD_get_flags) each(EVP_MD_get_size) each(EVP_PKEY_CTX_free)           \
  each(EVP_PKEY_CTX_new_from_name) each(EVP_PKEY_CTX_set_rsa_padding)                              \
  each(EVP_PKEY_CTX_set_rsa_pss_saltlen) each(EVP_PKEY_Q_keygen) each(EVP_PKEY_free)               \
  each(EVP_PKEY_fromdata) each(EVP_PKEY_fromdata_init) each(EVP_PKEY_get_bits)                     \
  each(EVP_PKEY_get_bn_param) each(EVP_PKEY_get_group_name) each(EVP_PKEY_get_raw_public_key)      \
  each(EVP_PKEY_get_size) each(EVP_PKEY_is_a) each(EVP_PKEY_new_raw_private_key_ex)                \
  each(EVP_PKEY_new_raw_public_key_ex) each(EVP_get_digestbyname) each(HMAC)                       \
  each(OPENSSL_cleanse) each(OPENSSL_init_crypto) each(OSSL_PARAM_BLD_free)                        \
  each(OSSL_PARAM_BLD_new) each(OSSL_PARAM_BLD_push_BN) each(OSSL_PARAM_BLD_push_octet_string)     \
  each(OSSL_PARAM_BLD_push_utf8_string) each(OSSL_PARAM_BLD_to_param) each(OSSL_PARAM_free)        \
  each(PEM_read_bio_PrivateKey) each(d2i_ECDSA_SIG) each(i2d_ECDSA_SIG)

// The number in its file name is that of its binary interface: the one of the headers.
#define LIBCRYPTO_TEXT_OF(number) #number
#define LIBCRYPTO_FILE_OF(version) "libcrypto.so." LIBCRYPTO_TEXT_OF(version)
#define LIBCRYPTO_FILE LIBCRYPTO_FILE_OF(OPENSSL_SHLIB_VERSION)

struct openssl_library {
#define OPENSSL_MEMBER(name) __typeof__(&name) name;
  OPENSSL_FUNCTIONS(OPENSSL_MEMBER)
#undef OPENSSL_MEMBER
};

// Valid after crypto_library_open returned true.
extern struct openssl_library openssl __attribute__((visibility("hidden")));

// What encrypting and decrypting needs; loaded with the first token that is encrypted.
#define CIPHER_FUNCTIONS(each)                                                                     \
  each(EVP_CIPHER_CTX_ctrl) each(EVP_CIPHER_CTX_free) each(EVP_CIPHER_CTX_new)                     \
  each(EVP_CIPHER_fetch) each(EVP_CIPHER_free) each(EVP_CipherFinal_ex) each(EVP_CipherInit_ex2)   \
  each(EVP_CipherUpdate) each(EVP_PKEY_CTX_new_from_pkey)                                          \
  each(EVP_PKEY_CTX_set_rsa_mgf1_md_name) each(EVP_PKEY_CTX_set_rsa_oaep_md_name)                  \
  each(EVP_PKEY_decrypt) each(EVP_PKEY_decrypt_init) each(EVP_PKEY_derive)                         \
  each(EVP_PKEY_derive_init) each(EVP_PKEY_derive_set_peer) each(EVP_PKEY_encrypt)                 \
  each(EVP_PKEY_encrypt_init) each(PKCS5_PBKDF2_HMAC)

struct cipher_library {
#define CIPHER_MEMBER(name) __typeof__(&name) name;
  CIPHER_FUNCTIONS(CIPHER_MEMBER)
#undef CIPHER_MEMBER
};

// Valid after cipher_library_open returned true.
extern struct cipher_library ciphers __attribute__((visibility("hidden")));

// What a TLS server and certificates need, of both libraries; loaded with the first one.
#define TLS_CRYPTO_FUNCTIONS(each)                                                                 \
  each(ASN1_INTEGER_free) each(ASN1_TIME_to_tm) each(BIO_ctrl_pending) each(BIO_new)               \
  each(BIO_read) each(BIO_s_mem) each(BIO_write) each(BN_new) each(BN_rand)                        \
  each(BN_to_ASN1_INTEGER) each(ERR_peek_error) each(PEM_read_bio_X509)      \
  each(X509V3_EXT_conf_nid) each(X509V3_set_ctx) each(X509_EXTENSION_free)                         \
  each(X509_NAME_add_entry_by_txt) each(X509_add_ext)                        \
  each(X509_check_host) each(X509_check_ip_asc) each(X509_check_private_key)                       \
  each(X509_check_purpose) each(X509_digest)                                                      \
  each(X509_free) each(X509_get0_notAfter) each(X509_get0_notBefore) each(X509_get_X509_PUBKEY)    \
  each(X509_get_subject_name) each(X509_getm_notAfter) each(X509_getm_notBefore)                   \
  each(X509_gmtime_adj) each(X509_new) each(X509_set_issuer_name) each(X509_set_pubkey)            \
  each(X509_set_serialNumber) each(X509_set_version) each(X509_sign) each(i2d_X509)                \
  each(i2d_X509_PUBKEY) each(EVP_sha256) each(ASN1_STRING_get0_data) each(ASN1_STRING_length)       \
  each(BIO_s_secmem) each(GENERAL_NAMES_free) each(OPENSSL_sk_new_null) each(OPENSSL_sk_num)       \
  each(OPENSSL_sk_pop_free) each(OPENSSL_sk_push) each(OPENSSL_sk_value)                           \
  each(PEM_write_bio_PrivateKey) each(PEM_write_bio_X509) each(X509_NAME_print_ex)                 \
  each(X509_STORE_CTX_free) each(X509_STORE_CTX_get_error) each(X509_STORE_CTX_init)               \
  each(X509_STORE_CTX_new) each(X509_STORE_CTX_set_purpose) each(X509_STORE_CTX_set_time)          \
  each(X509_STORE_add_cert) each(X509_STORE_free) each(X509_STORE_new) each(X509_get_ext_d2i)      \
  each(X509_get_issuer_name)                                                                       \
  each(X509_verify_cert) each(X509_verify_cert_error_string) each(d2i_X509)
#define TLS_SSL_FUNCTIONS(each)                                                                    \
  each(SSL_CTX_ctrl) each(SSL_CTX_free) each(SSL_CTX_new) each(SSL_CTX_set_alpn_select_cb)         \
  each(SSL_CTX_set_num_tickets) each(SSL_CTX_set_options) each(SSL_CTX_use_PrivateKey)             \
  each(SSL_CTX_use_certificate) each(SSL_do_handshake) each(SSL_free) each(SSL_get_error)          \
  each(SSL_get_version) each(SSL_is_init_finished) each(SSL_new) each(SSL_pending) each(SSL_read)  \
  each(SSL_set_accept_state) each(SSL_set_bio) each(SSL_shutdown) each(SSL_write)                  \
  each(TLS_server_method) each(SSL_CIPHER_get_name) each(SSL_CTX_set_cert_verify_callback)         \
  each(SSL_CTX_set_verify) each(SSL_get1_peer_certificate) each(SSL_get_current_cipher)            \
  each(SSL_get_peer_cert_chain)

#define LIBSSL_FILE_OF(version) "libssl.so." LIBCRYPTO_TEXT_OF(version)
#define LIBSSL_FILE LIBSSL_FILE_OF(OPENSSL_SHLIB_VERSION)

struct tls_library {
#define TLS_MEMBER(name) __typeof__(&name) name;
  TLS_CRYPTO_FUNCTIONS(TLS_MEMBER) TLS_SSL_FUNCTIONS(TLS_MEMBER)
#undef TLS_MEMBER
};

// Valid after tls_library_open returned true.
extern struct tls_library tls __attribute__((visibility("hidden")));

// Loads libssl where it is not there yet, and libcrypto before it; false when this machine lacks
// one of them.
bool tls_library_open(void) __attribute__((visibility("hidden")));

// Without this libcrypto would ask for a passphrase on the terminal.
int no_passphrase(char *buffer, int size, int writing, void *user)
    __attribute__((visibility("hidden")));

// Finds the functions of ciphers; false when this machine has no libcrypto.
bool cipher_library_open(void) __attribute__((visibility("hidden")));

// Loads libcrypto where it is not there yet; false when this machine has none.
bool crypto_library_open(void) __attribute__((visibility("hidden")));

// Writes version, serial number, dates, names and key of a new certificate, and the identifier of its
// key; extensions and signature are still to come. The issuer may be the certificate itself.
__attribute__((visibility("hidden"))) int certificate_fill(X509 *certificate, X509 *issuer,
                                                           EVP_PKEY *key, const char *common_name,
                                                           long days);
// Adds an extension, written as in OpenSSL's configuration files.
__attribute__((visibility("hidden"))) int certificate_extend(X509 *certificate, X509 *issuer, int kind,
                                                             const char *text);

#endif

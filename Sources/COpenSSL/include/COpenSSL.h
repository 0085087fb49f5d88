#ifndef COpenSSL_H
#define COpenSSL_H
#endif

/* Debian's baresip 1.0.0 makes itself an RSA certificate for DTLS-SRTP, which the hub does not take.
 * Loaded before the phone's own libraries, this gives it the elliptic-curve one from its folder. */
#include <stdio.h>

struct tls;
int tls_set_certificate(struct tls *tls, const char *pem, size_t len);

int tls_set_selfsigned_rsa(struct tls *tls, const char *name, size_t bits)
{
	static char pem[8192];
	size_t len;
	FILE *file = fopen("dtls.pem", "r");

	(void)name;
	(void)bits;
	if (!file)
		return -1;
	len = fread(pem, 1, sizeof pem, file);
	fclose(file);
	return tls_set_certificate(tls, pem, len);
}

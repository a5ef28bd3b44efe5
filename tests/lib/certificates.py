"""Certificates made for a test: an authority, and what it signs."""

import os
import subprocess


class Authority:
    """In a folder; the files are NAME.crt and NAME.key."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name}",
                      "-keyout", self.key(name), "-out", self.certificate(name))

    def certificate(self, name=None):
        return os.path.join(self.folder, f"{name or self.name}.crt")

    def key(self, name):
        return os.path.join(self.folder, f"{name}.key")

    def sign(self, name, names, days=30):
        """A certificate for these names ("DNS:localhost"); days below 0: it has ended."""
        request, about = os.path.join(self.folder, name + ".csr"), os.path.join(self.folder, name + ".ext")
        self._openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", self.key(name),
                      "-out", request)
        with open(about, "w") as file:
            file.write(f"subjectAltName={names}\n" if names else "")
        self._openssl("x509", "-req", "-in", request, "-CA", self.certificate(), "-CAkey", self.key(self.name), "-set_serial",
                      str(abs(hash(name)) % 10**9), "-days", str(days), "-extfile", about, "-out", self.certificate(name))
        return self.certificate(name), self.key(name)

    @staticmethod
    def _openssl(*arguments):
        done = subprocess.run(["openssl", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"openssl {arguments[0]}: {done.stdout.decode(errors='replace')}")

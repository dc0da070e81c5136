package services.chorus.seqthink.age;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** The two interfaces for sealing and opening, which must give the same results. */
enum Way {
    MEMORY {
        @Override
        byte[] seal(byte[] plaintext, List<? extends Recipient> to, Encoding encoding)
                throws IOException {
            return AgeFile.seal(plaintext, to, encoding);
        }

        @Override
        byte[] open(byte[] sealed, Identity identity) {
            return switch (AgeFile.open(sealed, List.of(identity), Integer.MAX_VALUE)) {
                case Opened.Plaintext(byte[] plaintext, Identity ignored) -> plaintext;
                case Opened refused -> throw new AssertionError(refused);
            };
        }
    },
    STREAM {
        @Override
        byte[] seal(byte[] plaintext, List<? extends Recipient> to, Encoding encoding)
                throws IOException {
            ByteArrayOutputStream sealed = new ByteArrayOutputStream();
            AgeStream.seal(new ByteArrayInputStream(plaintext), sealed, to, encoding);
            return sealed.toByteArray();
        }

        @Override
        byte[] open(byte[] sealed, Identity identity) throws IOException {
            ByteArrayOutputStream plaintext = new ByteArrayOutputStream();
            AgeStream.open(new ByteArrayInputStream(sealed), plaintext, List.of(identity));
            return plaintext.toByteArray();
        }
    };

    abstract byte[] seal(byte[] plaintext, List<? extends Recipient> to, Encoding encoding)
            throws IOException;

    abstract byte[] open(byte[] sealed, Identity identity) throws IOException;
}

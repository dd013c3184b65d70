package dev.tentpole.bigquery;

import java.io.IOException;
import java.io.Serial;

/** A server gives no token, and would not if it were asked again. */
final class TokenRefusedException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    TokenRefusedException(String message) {
        super(message);
    }
}

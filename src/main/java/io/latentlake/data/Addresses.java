package io.latentlake.data;

import java.util.regex.Pattern;

/** Paths and addresses as they may be shown: without the user, the password or the key in them. */
public final class Addresses {
  /**
   * Such as {@code user:password@}; quotes end an address in JSON and in messages. Without a colon
   * it is no secret, and may be Azure's {@code container@account}, which tells tables apart.
   */
  private static final Pattern USER = Pattern.compile("://[^/:@\\s\"']*:[^/@\\s\"']+@");

  /** Such as {@code ?password=…} of JDBC and {@code &sig=…} of Azure's shared access signatures. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)([?&;][^=&;\\s]*(?:passw|pwd|secret|token|key|sig)[^=&;\\s]*=)[^&;\\s\"']+");

  private Addresses() {}

  /** A text that may have addresses in it, each without what is nobody else's business. */
  public static String withoutSecrets(String text) {
    return PARAMETER.matcher(USER.matcher(text).replaceAll("://")).replaceAll("$1(redacted)");
  }
}

package io.latentlake.data;

import java.util.regex.Pattern;

/** Paths and addresses as they may be shown: without the user, the password or the key in them. */
public final class Addresses {
  /**
   * Such as {@code user:password@}; quotes end an address in JSON and in messages. Without a colon
   * it is no secret, and may be Azure's {@code container@account}, which tells tables apart. A
   * password may hold slashes and an @ itself, as keys of S3 do, so that the last @ of an address
   * ends it; what begins like a port and goes on like a path is none.
   */
  private static final Pattern USER =
      Pattern.compile("://[^/:@\\s\"']*:(?!\\d{1,5}[/?#,])(?:(?!://)[^\\s\"'])+@");

  /** Such as {@code ?password=…} of JDBC and {@code &sig=…} of Azure's shared access signatures. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)([?&;][^=&;\\s]*(?:pass|pwd|secret|token|key|sig)[^=&;\\s]*=)[^&;\\s\"']+");

  private Addresses() {}

  /** A text that may have addresses in it, each without what is nobody else's business. */
  public static String withoutSecrets(String text) {
    return PARAMETER.matcher(USER.matcher(text).replaceAll("://")).replaceAll("$1(redacted)");
  }
}

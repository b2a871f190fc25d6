package io.latentlake.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.io.File;
import java.net.URL;

/**
 * HOCON that may come from a stranger, as the params of a saved stage do: it includes nothing, no
 * file of this machine and no page of the network.
 */
public final class Hocon {
  private static final ConfigParseOptions ALONE =
      ConfigParseOptions.defaults().setIncluder(new Refusal());

  private Hocon() {}

  /**
   * Reads a text.
   *
   * @throws ConfigException when it is no HOCON, or includes something
   */
  public static Config parse(String text) {
    return ConfigFactory.parseString(text, ALONE);
  }

  /** Refuses every way there is to include something: the library does those that are left out. */
  private static final class Refusal
      implements ConfigIncluder, ConfigIncluderClasspath, ConfigIncluderFile, ConfigIncluderURL {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder library) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      throw refused(what);
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      throw refused(what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      throw refused(what);
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      throw refused(what);
    }

    private static ConfigException refused(Object what) {
      return new ConfigException.Generic(
          "include %s: only a file of --config may include others; write here what it has"
              .formatted(what));
    }
  }
}

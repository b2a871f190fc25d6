package io.latentlake.spec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/** A count that may also be left to the run: a whole number, or the word {@code auto}. */
public final class AutoCount {
  /** What {@code auto} is as a number. */
  public static final int AUTO = 0;

  private static final String WORD = "auto";

  private AutoCount() {}

  /**
   * Reads a command line's argument.
   *
   * @param option whose it is
   * @throws InvalidInputException when it is neither a whole number nor {@code auto}
   */
  public static Object parse(String option, String text) {
    if (text.equals(WORD)) {
      return WORD;
    }
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new InvalidInputException(
          "%s %s: must be a whole number or auto".formatted(option, text), e);
    }
  }

  /** From JSON. */
  static final class Reader extends StdDeserializer<Integer> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(Integer.class);
    }

    @Override
    public Integer deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.currentToken() == JsonToken.VALUE_STRING && parser.getText().equals(WORD)) {
        return AUTO;
      }
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getIntValue() != AUTO) {
        return parser.getIntValue();
      }
      return (Integer)
          context.handleWeirdStringValue(
              Integer.class, parser.getText(), "must be a whole number from 1 on, or auto");
    }
  }

  /** To JSON. */
  static final class Writer extends StdSerializer<Integer> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(Integer.class);
    }

    @Override
    public void serialize(Integer value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (value == AUTO) {
        json.writeString(WORD);
      } else {
        json.writeNumber(value);
      }
    }
  }
}

package io.latentlake.data;

import io.latentlake.data.LevelSketch.Level;
import io.latentlake.data.TimeParts.Part;
import io.latentlake.spec.InvalidInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;

/** Learns a {@link FeaturePlan} from a table, in one pass over it. */
public final class TablePlanner {
  /** Levels that a category has at most, when it isn't asked for. */
  private static final int LEVELS = 64;

  /** Buckets that levels are hashed into. */
  private static final int BUCKETS = 64;

  /** Share of the rows that the frequent levels have, for the others to be one. */
  private static final double COVERED = 0.9;

  /** A column that has so many levels, and in so large a share of its rows a new one, is an id. */
  private static final int ID_LEVELS = 100;

  private static final double ID_SHARE = 0.5;

  /** Days that times must span for the parts of it to be more than where the table ends. */
  private static final int DAYS_FOR_HOURS = 2;

  private static final int DAYS_FOR_WEEKDAYS = 14;
  private static final int DAYS_FOR_DAYS = 60;

  private final Dataset<Row> table;
  private final FeatureRequest request;
  private final String what;
  private final List<ColumnPlan> planned = new ArrayList<>();
  private final List<LeftOut> leftOut = new ArrayList<>();

  private TablePlanner(Dataset<Row> table, FeatureRequest request, String what) {
    this.table = table;
    this.request = request;
    this.what = what;
  }

  /**
   * Plans a table. Where all of its columns are asked for, those of the condition are none of the
   * features, and features of a kind stand together.
   *
   * @param condition the columns of a condition; may be empty
   * @param what the table's name, for errors
   * @throws InvalidInputException when a column is missing or can't be what is asked for, or no
   *     column can be a feature
   */
  public static TablePlan plan(
      Dataset<Row> table, FeatureRequest request, List<String> condition, String what) {
    if (!request.planned()) {
      return new TablePlan(
          FeaturePlanner.plan(table, List.copyOf(request.kinds().keySet()), condition, what),
          List.of());
    }
    FeaturePlanner.requireOnce(request.named(), condition);
    var planner = new TablePlanner(table, request, what);
    planner.plan(condition);
    if (planner.planned.isEmpty()) {
      throw new InvalidInputException(
          "%s: no column can be a feature: %s"
              .formatted(
                  what,
                  planner.leftOut.stream()
                      .map(LeftOut::toString)
                      .collect(Collectors.joining(", "))));
    }
    var features =
        new FeaturePlan(planner.planned, FeaturePlanner.condition(table, condition, what));
    return new TablePlan(features, planner.leftOut);
  }

  private void plan(List<String> condition) {
    var sketches = new LinkedHashMap<String, ColumnSketch>();
    request
        .kinds()
        .forEach(
            (name, kind) -> {
              if (!condition.contains(name)) {
                DataType type = FeaturePlan.type(table.schema(), name, what);
                kind.requireType(name, type);
                if (kind == FeatureKind.RAW) {
                  planned.addAll(FeaturePlanner.plan(table, List.of(name), what).columns());
                } else {
                  kind.sketch(type)
                      .ifPresentOrElse(
                          sketch -> sketches.put(name, sketch),
                          () -> leaveOut(name, "is " + type.simpleString()));
                }
              }
            });
    TableSketch.of(table, sketches)
        .forEach((name, sketch) -> plan(name, request.kinds().get(name), sketch));
    // Fewer, wider groups are faster.
    planned.sort(Comparator.comparing(ColumnPlan::family));
  }

  private void leaveOut(String name, String why) {
    if (request.named().contains(name)) {
      throw new InvalidInputException(
          "%s: features %s: the column %s; leave it out, or name its kind"
              .formatted(what, name, why));
    }
    leftOut.add(new LeftOut(name, why));
  }

  private void plan(String name, FeatureKind kind, ColumnSketch sketch) {
    if (sketch.values() == 0) {
      leaveOut(name, "has no value in any row");
    } else if (sketch instanceof LevelSketch levels) {
      planLevels(name, kind, levels);
    } else {
      planNumber(name, kind, (NumberSketch) sketch);
    }
  }

  private void planLevels(String name, FeatureKind kind, LevelSketch sketch) {
    double distinct = sketch.distinct();
    boolean automatic = kind == FeatureKind.AUTO;
    if (automatic && distinct > ID_LEVELS && distinct > ID_SHARE * sketch.values()) {
      leaveOut(name, "is another in nearly every row (an id?)");
      return;
    }
    List<Level> levels = sketch.mostFrequent(automatic ? LEVELS : ClassColumn.MOST_LEVELS);
    double known = levels.stream().mapToLong(Level::rows).sum();
    double others = Math.max(0, 1 - known / sketch.values());
    boolean tooMany = levels.isEmpty() || (automatic && others > 1 - COVERED);
    planned.add(
        kind == FeatureKind.HASH || tooMany
            ? new HashedCategory(name, BUCKETS, sketch.missing())
            : new Category(
                name,
                levels.stream().map(Level::name).toList(),
                Significant.kept(others),
                sketch.missing()));
  }

  private void planNumber(String name, FeatureKind kind, NumberSketch sketch) {
    if (sketch.isEmpty()) {
      leaveOut(name, "has no finite value in any row");
    } else if (sketch.type() instanceof BooleanType) {
      planned.add(new Flag(name, Significant.kept(sketch.mean()), sketch.missing()));
    } else if (FeatureKind.isTime(sketch.type())) {
      planTime(name, kind, sketch);
    } else {
      var planner = new NumberPlanner(name, sketch);
      planned.add(
          switch (kind) {
            case AUTO -> planner.automatic();
            case LOG, COUNT -> planner.logarithm();
            default -> planner.scaled(kind.scaling());
          });
    }
  }

  /** A part of which the table doesn't have two rounds would say that every later row is odd. */
  private void planTime(String name, FeatureKind kind, NumberSketch sketch) {
    double span = sketch.quantile(1) - sketch.quantile(0);
    boolean all = kind == FeatureKind.TIMESTAMP;
    var parts = new ArrayList<Part>();
    if (!(sketch.type() instanceof DateType) && (all || span >= DAYS_FOR_HOURS)) {
      parts.add(Part.HOUR);
    }
    if (all || span >= DAYS_FOR_WEEKDAYS) {
      parts.add(Part.WEEKDAY);
    }
    if (all || span >= DAYS_FOR_DAYS) {
      parts.add(Part.DAY);
    }
    if (parts.isEmpty()) {
      leaveOut(
          name,
          "spans %s days, in which no hour or weekday comes twice; %s:timestamp takes it all the same"
              .formatted(Significant.text(span), name));
      return;
    }
    double scale = Math.max(1, Significant.kept(sketch.standardDeviation()));
    planned.add(new TimeParts(name, parts, Math.rint(sketch.mean()), scale, sketch.missing()));
  }
}

package io.latentlake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.latentlake.nn.ElboTerms;
import io.latentlake.train.EarlyStop;
import io.latentlake.train.ExecutorDevice;
import io.latentlake.train.LatentUse;
import io.latentlake.train.RoundTime;

/** The import rule: which package may know which. */
@AnalyzeClasses(packages = "io.latentlake", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest static final ArchRule SPEC = mayImport("spec");
  @ArchTest static final ArchRule DATA = mayImport("data", "spec");
  @ArchTest static final ArchRule NN = mayImport("nn", "spec");
  @ArchTest static final ArchRule VARIANT = mayImport("variant", "spec", "nn");
  @ArchTest static final ArchRule MODEL = mayImport("model", "spec", "nn", "variant", "data");

  @ArchTest
  static final ArchRule TRAIN = mayImport("train", "model", "variant", "nn", "data", "spec");

  @ArchTest static final ArchRule SCORE = mayImport("score", "model", "nn", "data", "spec");

  @ArchTest static final ArchRule CLUSTER = mayImport("cluster", "model", "nn", "data", "spec");

  @ArchTest
  static final ArchRule ML = mayImport("ml", "train", "score", "model", "variant", "data", "spec");

  @ArchTest
  static final ArchRule REPORT =
      classes()
          .that()
          .resideInAPackage("io.latentlake.report..")
          .should()
          .onlyDependOnClassesThat(
              outsideOurs()
                  .or(
                      JavaClass.Predicates.resideInAnyPackage(
                          packages("report", "model", "data", "spec", "score")))
                  .or(JavaClass.Predicates.simpleName("History"))
                  .or(JavaClass.Predicates.simpleName("EpochRecord"))
                  // What a history is made of.
                  .or(JavaClass.Predicates.type(ElboTerms.class))
                  .or(JavaClass.Predicates.type(LatentUse.class))
                  .or(JavaClass.Predicates.type(RoundTime.class))
                  .or(JavaClass.Predicates.type(EarlyStop.class))
                  .or(JavaClass.Predicates.type(ExecutorDevice.class)))
          .as("report knows model, data, spec, score and train's history");

  @ArchTest static final ArchRule NOTEBOOK = mayImport("notebook", "cli", "report", "data", "spec");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("io.latentlake.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule PLAIN_NAMES =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager");

  private static ArchRule mayImport(String name, String... others) {
    return classes()
        .that()
        .resideInAPackage("io.latentlake." + name + "..")
        .should()
        .onlyDependOnClassesThat(
            outsideOurs()
                .or(JavaClass.Predicates.resideInAnyPackage(packages(others)))
                .or(JavaClass.Predicates.resideInAPackage("io.latentlake." + name + "..")))
        .as("%s knows %s".formatted(name, String.join(", ", others)));
  }

  private static DescribedPredicate<JavaClass> outsideOurs() {
    return DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("io.latentlake.."));
  }

  private static String[] packages(String... names) {
    return java.util.Arrays.stream(names)
        .map(name -> "io.latentlake." + name + "..")
        .toArray(String[]::new);
  }
}

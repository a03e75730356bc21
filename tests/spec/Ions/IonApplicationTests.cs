using Deployer.Spec.Ions;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Ions;

public sealed class IonApplicationTests
{
    private const string Deps = """
        {:paths ["src" :res]
         :deps {com.datomic/ion {:mvn/version "1.0.71"}
                acme/shared {:local/root "../shared"}}
         :aliases {:res ["resources"]
                   :ion-dev {:extra-deps {com.datomic/ion-dev {:mvn/version "1.0.352"}}}}}
        """;

    private const string Config = """
        {:allow [acme.tx/add acme.q/find]
         :xforms [acme.x/form]
         :lambdas {:echo {:fn acme.ions/echo}
                   :slow {:fn acme.ions/slow :description "Slow" :timeout-secs 900 :concurrency-limit 5}
                   :free {:fn acme.ions/free :concurrency-limit :none :integration :api-gateway/proxy}}
         :http-direct {:handler-fn acme.web/handler :processing-concurrency 8}
         :app-name "acme"}
        """;

    private static IonApplicationReading Read(string deps = Deps, string config = Config) =>
        IonApplication.Read(
            new MemoryFolder(("ions/deps.edn", deps), ("ions/resources/datomic/ion-config.edn", config)),
            RelativePath.Parse("ions")
        );

    private static IEnumerable<string> FaultsOf(IonApplicationReading reading)
    {
        reading.Application.ShouldBeNull();
        return reading.Faults.Select(fault => fault.ToString());
    }

    [Fact]
    public void Reads_deps()
    {
        var deps = Read().Application.ShouldNotBeNull().Deps;

        deps.Paths.ShouldBe(["src", "resources"]);
        deps.IonVersion.ShouldBe("1.0.71");
        deps.IonDevVersion.ShouldBe("1.0.352");
        deps.IsReproducible.ShouldBeFalse();
        deps.Libraries.ShouldBe(new Dictionary<string, string> { ["com.datomic/ion"] = "1.0.71" });
        deps.LocalRoots.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                root => root.Library.ShouldBe("acme/shared"),
                root => root.Root.ShouldBe("../shared"),
                root => root.Position.Line.ShouldBe(3)
            );
    }

    [Fact]
    public void A_coordinate_is_reported_without_the_credentials_of_its_address()
    {
        var deps = Read(
            Deps.Replace(
                "{:local/root \"../shared\"}",
                "{:git/url \"https://me:secret@example.com/a.git\" :git/sha \"0123456\"}",
                StringComparison.Ordinal
            )
        )
            .Application.ShouldNotBeNull()
            .Deps;

        deps.Coordinates["acme/shared"].ShouldBe("{:git/sha \"0123456\", :git/url \"https://example.com/a.git\"}");
    }

    [Fact]
    public void The_configuration_without_entry_points_is_one_of_the_same_application()
    {
        var config = Read(config: Config.Replace("\"acme\"", """ "a\"cme" """, StringComparison.Ordinal))
            .Application.ShouldNotBeNull()
            .Config;

        var emptied = Read(config: config.WithoutEntryPoints()).Application.ShouldNotBeNull();

        emptied.ConfigPath.Value.ShouldBe("ions/resources/datomic/ion-config.edn");
        emptied.Config.AppName.ShouldBe("a\"cme");
        emptied.Config.Lambdas.ShouldBeEmpty();
        emptied.Config.Allow.ShouldBeEmpty();
        emptied.Config.HttpDirect.ShouldBeNull();
    }

    [Fact]
    public void Reads_the_configuration_with_its_defaults()
    {
        var config = Read().Application.ShouldNotBeNull().Config;

        config.AppName.ShouldBe("acme");
        config.Allow.ShouldBe(["acme.tx/add", "acme.q/find"]);
        config.Xforms.ShouldBe(["acme.x/form"]);
        config
            .Lambdas.Select(lambda =>
                (
                    lambda.Name,
                    lambda.Function,
                    lambda.Description,
                    lambda.TimeoutSeconds,
                    lambda.ReservedConcurrency,
                    lambda.ApiGatewayProxy
                )
            )
            .ShouldBe([
                ("echo", "acme.ions/echo", "", 60, 20, false),
                ("slow", "acme.ions/slow", "Slow", 900, 5, false),
                ("free", "acme.ions/free", "", 60, null, true),
            ]);
        config.ReservedConcurrency.ShouldBe(25);
        config.HttpDirect.ShouldBe(new HttpDirect("acme.web/handler", 100, 8));
        config.Lambdas[0].FunctionName("group").ShouldBe("group-echo");
    }

    [Fact]
    public void Faults_of_the_configuration_are_reported_together() =>
        FaultsOf(
                Read(
                    config: """
                    {:app-nam "acme"
                     :allow (a/b)
                     :lambdas {:echo {:fn echo :timeout-secs 901}
                               "text" {:fn a/b}
                               :a.b {:fn a/b}
                               :none {}
                               :neg {:fn a/b :concurrency-limit 0 :timout-secs 5}
                               :odd {:fn a/b :integration :other :description 5}
                               :flat a/b}
                     :http-direct {:pending-ops-exceeded-code 99}}
                    """
                )
            )
            .ShouldBe([
                "ions/resources/datomic/ion-config.edn:1:1: :app-name of ion-config.edn is missing; expected the "
                    + "name of the application, a string",
                "ions/resources/datomic/ion-config.edn:2:9: :allow is a list; expected a vector",
                "ions/resources/datomic/ion-config.edn:3:23: :fn is the symbol echo; expected a fully qualified "
                    + "symbol such as inventory.ions/get-item",
                "ions/resources/datomic/ion-config.edn:3:42: :timeout-secs is the number 901; expected a whole number from 1 to 900",
                "ions/resources/datomic/ion-config.edn:4:12: the Lambda function's name is the string \"text\"; "
                    + "expected a keyword of letters, digits, hyphens and underscores",
                "ions/resources/datomic/ion-config.edn:5:12: the Lambda function's name is the keyword :a.b; "
                    + "expected a keyword of letters, digits, hyphens and underscores",
                "ions/resources/datomic/ion-config.edn:6:18: :fn of the Lambda function :none is missing; expected "
                    + "a fully qualified symbol",
                "ions/resources/datomic/ion-config.edn:7:45: :concurrency-limit is the number 0; expected a whole number from 1 to 100000",
                "ions/resources/datomic/ion-config.edn:8:39: :integration is the keyword :other; expected :api-gateway/proxy",
                "ions/resources/datomic/ion-config.edn:8:59: :description is the number 5; expected a string",
                "ions/resources/datomic/ion-config.edn:9:18: the Lambda function :flat is the symbol a/b; expected a map with :fn",
                "ions/resources/datomic/ion-config.edn:10:15: :handler-fn of :http-direct is missing; expected a fully qualified symbol",
                "ions/resources/datomic/ion-config.edn:10:43: :pending-ops-exceeded-code is the number 99; expected "
                    + "a whole number from 100 to 599",
            ]);

    [Fact]
    public void A_key_that_datomic_ignores_is_a_notice()
    {
        var reading = Read(
            config: """
            {:app-name "acme" :system "datomic-dev"
             :lambdas {:echo {:fn acme.ions/echo :timout-secs 5}}
             :http-direct {:handler-fn acme.web/handler :port 80}}
            """
        );

        reading.Application.ShouldNotBeNull().Config.Lambdas.ShouldHaveSingleItem().TimeoutSeconds.ShouldBe(60);
        reading.Faults.ShouldBeEmpty();
        reading
            .Notices.Select(notice => notice.ToString())
            .ShouldBe([
                "ions/resources/datomic/ion-config.edn:1:19: Datomic ignores the key :system of ion-config.edn",
                "ions/resources/datomic/ion-config.edn:2:38: Datomic ignores the key :timout-secs of the Lambda "
                    + "function :echo (did you mean :timeout-secs?)",
                "ions/resources/datomic/ion-config.edn:3:45: Datomic ignores the key :port of :http-direct",
            ]);
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("{:test {:extra-paths [\"test\"]}}", null)]
    [InlineData("{:dev {:extra-deps {com.datomic/ion-dev {:mvn/version \"1.0.326\"}}}}", "1.0.326")]
    [InlineData("{:ion {:deps {com.datomic/ion-dev {:mvn/version \"0.9.234\"}}}}", "0.9.234")]
    [InlineData(
        "{:dev {:extra-deps {com.datomic/ion-dev {:mvn/version \"1\"}}} :ion-dev {:deps {com.datomic/ion-dev {:mvn/version \"2\"}}}}",
        "2"
    )]
    public void Ion_dev_is_taken_from_an_alias_of_any_name(string aliases, string? version)
    {
        var deps = Read(deps: "{:paths [\"resources\"] :deps {com.datomic/ion {:mvn/version \"1.0.71\"}} :aliases " + aliases + "}")
            .Application.ShouldNotBeNull()
            .Deps;

        deps.IonDevVersion.ShouldBe(version);
        (deps.IonDevAlias is not null).ShouldBe(aliases.Contains(":ion-dev", StringComparison.Ordinal));
    }

    [Fact]
    public void Faults_of_deps_are_reported_together() =>
        FaultsOf(
                Read(
                    deps: """
                    {:paths ["src" 5 :res "resources"]
                     :deps {"text" {:mvn/version "1"} acme/x "1.0" acme/y {:mvn/version 1}}
                     :aliases {:ion-dev {:deps {}}}}
                    """
                )
            )
            .ShouldBe([
                "ions/deps.edn:1:16: :paths is the number 5; expected strings, or keywords of aliases that hold them",
                "ions/deps.edn:1:18: :paths is the keyword :res; expected strings, or keywords of aliases that hold them",
                "ions/deps.edn:2:8: the library com.datomic/ion is not in :deps; expected com.datomic/ion among the "
                    + "libraries of an ion application",
                "ions/deps.edn:2:9: the library is the string \"text\"; expected a symbol such as com.datomic/ion",
                "ions/deps.edn:2:42: the coordinate of acme/x is the string \"1.0\"; expected a map such as {:mvn/version \"1.0.71\"}",
                "ions/deps.edn:2:69: :mvn/version is the number 1; expected a string",
                "ions/deps.edn:3:21: the alias :ion-dev has no com.datomic/ion-dev; expected the library "
                    + "com.datomic/ion-dev in the alias, or no alias of this name",
            ]);

    [Theory]
    [InlineData("", "ions/deps.edn:1:1: the file is empty; expected one map in the file")]
    [InlineData("[]", "ions/deps.edn:1:1: the file begins with a vector; expected one map in the file")]
    [InlineData("{} {}", "ions/deps.edn:1:4: a map follows the map; expected one map in the file")]
    [InlineData("{:deps", "ions/deps.edn:1:1: what begins here has no end; expected '}'")]
    public void A_file_that_is_not_one_map_is_a_fault(string deps, string fault) => FaultsOf(Read(deps)).ShouldBe([fault]);

    [Fact]
    public void The_configuration_has_to_be_on_the_class_path() =>
        FaultsOf(
                Read(
                    deps: """
                    {:deps {com.datomic/ion {:mvn/version "1"}} :aliases {:ion-dev {:deps {com.datomic/ion-dev {:mvn/version "1"}}}}}
                    """
                )
            )
            .ShouldBe(["ions/deps.edn:1:1: none of the paths src has datomic/ion-config.edn; expected the resource on the class path"]);

    [Fact]
    public void Paths_outside_the_folder_are_not_looked_into() =>
        FaultsOf(Read(deps: Deps.Replace("\"src\" :res", "\"../../resources\" \"/etc\"", StringComparison.Ordinal)))
            .ShouldBe([
                "ions/deps.edn:1:9: none of the paths ../../resources, /etc has datomic/ion-config.edn; expected "
                    + "the resource on the class path",
            ]);
}

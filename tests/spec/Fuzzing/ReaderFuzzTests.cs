using System.Text;
using Deployer.Spec.Edn;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Ions;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;
using Deployer.Tests.Fuzzing;

namespace Deployer.Spec.Tests.Fuzzing;

/// <summary>Whatever a service's folder holds, the readers answer: no exception, no endless work, no spec with a fault.</summary>
public sealed class ReaderFuzzTests
{
    private static readonly string[] YamlTokens =
    [
        "${",
        "}",
        "${steps.a.outputs.B}",
        "$${",
        ": ",
        "- ",
        "? ",
        "&a ",
        "*a",
        "!!str ",
        "!<x> ",
        "|\n",
        ">-\n  ",
        "{",
        "[",
        "]",
        "'",
        "\"",
        "#",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "\t",
        "\r",
        "\n  ",
        "<<: *a",
        "after: [ group, ions ]",
        "stack: x",
        "datomic-storage",
        "null",
        "true",
        "\\x",
        "\0",
        "\uFEFF",
        "../",
        "\U0001F600",
    ];

    private static readonly string[] EdnTokens =
    [
        "#_",
        "#:a",
        "#inst ",
        "##Inf",
        "^:m ",
        "#{",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\"",
        "\\",
        "\\newline",
        ":",
        "::",
        "/",
        "a/b",
        "1/2",
        "0x",
        "1e999999",
        "M",
        "N",
        "nil",
        ";",
        "'",
        "@",
        "#^",
        "\0",
        ",",
        "\\u12",
        "\U0001F600",
        "-",
        "+1",
        "010",
        "1e5M",
    ];

    private const string Edn = """
        {:app-name "a" :allow [a/b c.d/e] ; comment
         :lambdas {:x {:fn a/b :description "q\n\u0041" :timeout-secs 0x3C :concurrency-limit :none}}
         :n [1 -2N 3/4 5.5e-3 6.0M ##NaN \a \newline nil true] #:ns{:k #{1 2 (3)} :_/p ^{:m 1} sym} #inst "2026-01-01" #_ gone :v}
        """;

    [Fact]
    public Task Deployer_yaml_is_read_or_refused() =>
        Fuzz.ForEachSeed(mutator =>
        {
            var reading = Inventory.Read(mutator.Text(Inventory.Yaml, YamlTokens));

            (reading.Spec is null).ShouldBe(reading.Faults.Count > 0);
            reading.Faults.ShouldAllBe(fault =>
                fault.Position.Line >= 1 && fault.Position.Column >= 1 && fault.Problem.Length > 0 && fault.Expected.Length > 0
            );
            if (reading.Spec is { } spec)
            {
                StepGraph.Build(spec).Waves.Sum(wave => wave.Count).ShouldBe(spec.Steps.Count);
            }
        });

    [Theory]
    [InlineData(
        "Transform: x\nParameters: { LoadBalancer: { Type: String } }\nResources: { A: { Fn::If: [ !Ref B, !Sub "
            + "'x', !GetAtt C.D ] } }\nOutputs: { EndpointId: { Value: !Ref E } }\n"
    )]
    [InlineData(
        "{ \"Transform\": [], \"Parameters\": { \"LoadBalancer\": {} }, \"Resources\": { \"A\": [1, true, null] }, "
            + "\"Outputs\": { \"EndpointId\": { \"Value\": \"\\u0041\" } } }"
    )]
    public Task Templates_are_read_or_refused(string template) =>
        Fuzz.ForEachSeed(mutator =>
        {
            var faults = new FaultList();
            var outline = TemplateReader.Read(new MemoryFolder(("t", mutator.Text(template, YamlTokens))), RelativePath.Parse("t"), faults);

            (outline is null && !faults.Any).ShouldBeFalse();
        });

    [Fact]
    public Task Edn_is_read_or_refused_and_prints_what_reads_equal() =>
        Fuzz.ForEachSeed(mutator =>
        {
            var reading = EdnReader.Read(mutator.Text(Edn, EdnTokens), "x.edn");

            reading.Faults.ShouldAllBe(fault => fault.Position.Line >= 1 && fault.Position.Column >= 1);
            foreach (var form in reading.Forms)
            {
                EdnReader.Read(form.ToString(), "printed").Forms.ShouldBe([form], form.ToString());
            }
        });

    [Fact]
    public Task Ion_applications_are_read_or_refused() =>
        Fuzz.ForEachSeed(mutator =>
        {
            var folder = Inventory.Folder();
            foreach (var path in new[] { "ions/deps.edn", "ions/resources/datomic/ion-config.edn" })
            {
                folder.With(path, mutator.Text(Encoding.UTF8.GetString(folder.Read(RelativePath.Parse(path))!), EdnTokens));
            }
            var reading = IonApplication.Read(folder, RelativePath.Parse("ions"));

            (reading.Application is null).ShouldBe(reading.Faults.Count > 0);
        });

    [Fact]
    public Task Answers_of_ion_dev_are_read_or_not() =>
        Fuzz.ForEachSeed(mutator =>
            IonDevAnswer.Read(
                mutator.Text(
                    "Downloading: x\n{:rev \"a\"\n :deploy-groups (a b)\n :dependency-conflicts\n {:deps {a/b "
                        + "{:mvn/version \"1\"}}}\n :causes ({:message \"m\"})}\n",
                    EdnTokens
                )
            )
        );

    [Fact]
    public Task Expressions_are_parsed_or_refused() =>
        Fuzz.ForEachSeed(mutator =>
            ExpressionParser
                .Parse(mutator.Text("a ${target} $${x} ${steps.a.outputs.B}", YamlTokens), SourcePosition.StartOf("x"), new FaultList())
                .Evaluate(_ => "")
                .Unknown.ShouldBeEmpty()
        );

    [Fact]
    public Task Zips_are_read_or_refused_and_stay_in_their_folder()
    {
        var zip = new MemoryStream();
        SourceZip.Write(Inventory.Folder(), zip);
        return Fuzz.ForEachSeed(mutator =>
        {
            var reading = ZipFolder.Read(new MemoryStream(mutator.Bytes(zip.ToArray())), "x.zip", ZipLimits.Default);

            (reading.Folder is null).ShouldBe(reading.Faults.Count > 0);
            reading.Folder?.Files.ShouldAllBe(path => !path.Value.StartsWith('/') && !path.Value.Split('/').Contains(".."));
        });
    }
}

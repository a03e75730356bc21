using Deployer.Spec.Faults;
using Deployer.Spec.Kinds;
using Deployer.Spec.Reading;
using Deployer.Spec.Sources;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Tests;

/// <summary>The example service of the design, for tests to read and to break.</summary>
internal static class Inventory
{
    public static string Yaml { get; } = Resource("inventory.yaml");

    public static MemoryFolder Folder(string? yaml = null) =>
        new(
            (SpecFile.Name, yaml ?? Yaml),
            (
                "stacks/network.yaml",
                """
                Parameters: { LoadBalancer: { Type: String } }
                Resources: { Endpoint: { Type: AWS::EC2::VPCEndpoint } }
                Outputs: { EndpointId: { Value: !Ref Endpoint } }
                """
            ),
            (
                "stacks/api.yaml",
                """
                Resources: { Api: { Type: AWS::ApiGateway::RestApi } }
                """
            ),
            (
                "ions/deps.edn",
                """
                {:paths ["src" "resources"]
                 :deps {com.datomic/client-cloud {:mvn/version "1.0.131"}
                        com.datomic/ion {:mvn/version "1.0.71"}}
                 :aliases {:ion-dev {:deps {com.datomic/ion-dev {:mvn/version "1.0.352"}} :main-opts ["-m" "datomic.ion.dev"]}}}
                """
            ),
            (
                "ions/resources/datomic/ion-config.edn",
                """{:app-name "inventory" :allow [inventory.ions/add] :lambdas {:get-item {:fn inventory.ions/get-item}}}"""
            )
        );

    public static SpecReading Read(string? yaml = null) => SpecReader.Read(Folder(yaml));

    /// <summary>Reads the example with one text replaced by another.</summary>
    public static SpecReading ReadWith(string old, string replacement)
    {
        Yaml.ShouldContain(old);
        return Read(Yaml.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>What a text says, whatever the rules say about it.</summary>
    public static ServiceSpec Bind(string yaml) =>
        new SpecBinder(StepKinds.BuiltIn, new FaultList()).Bind(YamlReader.Read(yaml, SpecFile.Name, new FaultList()).ShouldNotBeNull());

    public static string Resource(string name)
    {
        using var stream = typeof(Inventory).Assembly.GetManifestResourceStream(name).ShouldNotBeNull();
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

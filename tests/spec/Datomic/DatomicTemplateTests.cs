using Deployer.Spec.Datomic;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Tests.Datomic;

public sealed class DatomicTemplateTests
{
    [Theory]
    [InlineData("https://s3.amazonaws.com/datomic-cloud-1/cft/1217/storage-template-9399-1217.json", StackKind.DatomicStorage, "1217-9399")]
    [InlineData("https://s3.amazonaws.com/datomic-cloud-1/cft/1217/compute-template-9399-1217.json", StackKind.DatomicCompute, "1217-9399")]
    [InlineData(
        "https://s3.amazonaws.com/datomic-cloud-1/cft/981/query-group-template-9188-981.json",
        StackKind.DatomicQueryGroup,
        "981-9188"
    )]
    [InlineData(
        "https://s3.amazonaws.com/datomic-cloud-1/cft/535-8812/datomic-query-group-535-8812.json",
        StackKind.DatomicQueryGroup,
        "535-8812"
    )]
    [InlineData(
        "https://s3.amazonaws.com/datomic-cloud-1/cft/470-8654.1/datomic-storage-470-8654.1.json",
        StackKind.DatomicStorage,
        "470-8654.1"
    )]
    [InlineData(
        "https://s3.amazonaws.com/datomic-cloud-1/cft/535-8812/datomic-solo-compute-535-8812.json",
        StackKind.DatomicCompute,
        "535-8812"
    )]
    public void An_address_of_either_scheme_gives_kind_and_release(string address, StackKind kind, string release)
    {
        DatomicTemplate.TryParse(address, out var template).ShouldBeTrue();
        (template.Kind, template.Release.ToString()).ShouldBe((kind, release));
    }

    [Theory]
    [InlineData("https://s3.amazonaws.com/acme/templates/storage.json")]
    [InlineData("https://s3.amazonaws.com/datomic-cloud-1/cft/1217/storage-template-9399-1172.json")]
    [InlineData("stacks/api.yaml")]
    public void Another_address_gives_nothing(string address) => DatomicTemplate.TryParse(address, out _).ShouldBeFalse();
}

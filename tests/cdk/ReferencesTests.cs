namespace Deployer.Cdk.Tests;

/// <summary>The app makes stacks of the product's templates, and knows nothing of its projects.</summary>
public sealed class ReferencesTests
{
    private static readonly string[] Own = ["deployer", "deployer-functions"];

    [Fact]
    public void The_app_knows_no_project_of_the_product() =>
        typeof(Program).Assembly.GetReferencedAssemblies().Select(known => known.Name!).Where(IsOfProduct).ShouldBeEmpty();

    [Theory]
    [InlineData("deployer-functions", true)]
    [InlineData("Deployer.Spec", true)]
    [InlineData("Amazon.CDK.Lib", false)]
    public void A_project_of_the_product_is_known_by_its_name(string assembly, bool isOfProduct) =>
        IsOfProduct(assembly).ShouldBe(isOfProduct);

    private static bool IsOfProduct(string name) => Own.Contains(name) || name.StartsWith("Deployer.", StringComparison.Ordinal);
}

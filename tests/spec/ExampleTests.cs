namespace Deployer.Spec.Tests;

public sealed class ExampleTests
{
    private const string Prefix = "examples/inventory/";

    [Fact]
    public void The_shipped_example_has_no_fault()
    {
        var folder = new MemoryFolder();
        foreach (
            var name in typeof(ExampleTests)
                .Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        )
        {
            folder.With(name[Prefix.Length..], Inventory.Resource(name));
        }

        SpecReader.Read(folder).Faults.Select(fault => fault.ToString()).ShouldBeEmpty();
    }
}

using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Tests.Structure;

/// <summary>A folder of the rehearsal takes part by having a part: no list names it.</summary>
public sealed class ServicePartsTests
{
    [Fact]
    public void A_further_part_is_found_without_a_file_changed()
    {
        var services = new ServiceCollection();

        foreach (var part in SimulatedServices.Find(typeof(FurtherPart).Assembly))
        {
            part.Add(services);
        }

        services.ShouldHaveSingleItem().ServiceType.ShouldBe(typeof(FurtherService));
    }

    [Fact]
    public async Task Every_part_of_the_rehearsal_is_found_and_every_service_that_takes_requests_is_one_of_theirs()
    {
        var parts = SimulatedServices.Find(typeof(SimulatedServices).Assembly);
        await using var services = SimulatedServices.Build(new RehearsalWorld(new RehearsalOptions()));

        parts.Count.ShouldBe(PartFiles().Count);
        services.GetServices<IWireService>().Select(service => service.GetType()).ShouldBe(Concrete<IWireService>(), ignoreOrder: true);
    }

    [Fact]
    public void No_other_file_names_a_part()
    {
        var parts = PartFiles().Select(file => Path.GetFileNameWithoutExtension(file)).ToList();

        parts.ShouldContain("DynamoDBPart");
        parts.ShouldContain("EcsPart");
        SourceFiles()
            .Where(file => !parts.Contains(Path.GetFileNameWithoutExtension(file)))
            .SelectMany(file =>
            {
                var text = File.ReadAllText(file);
                return parts.Where(part => text.Contains(part, StringComparison.Ordinal)).Select(part => $"{file}: {part}");
            })
            .ShouldBeEmpty();
    }

    private static IEnumerable<Type> Concrete<T>() =>
        typeof(SimulatedServices)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(T)));

    private static List<string> PartFiles() =>
        [.. SourceFiles().Where(file => File.ReadAllText(file).Contains(": IServicePart", StringComparison.Ordinal))];

    private static IEnumerable<string> SourceFiles() =>
        Directory
            .EnumerateFiles(Repository.At("rehearsal"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal));

    private sealed class FurtherService;

    private sealed class FurtherPart : IServicePart
    {
        public void Add(IServiceCollection services) => services.AddSingleton<FurtherService>();
    }
}

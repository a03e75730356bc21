using ArchUnitNET.Fluent;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>
/// Whether the folders of a project keep to an order in which each uses only those before it, read from the compiled code.
/// </summary>
internal static class FolderOrder
{
    /// <summary>The folders of a project that hold types.</summary>
    /// <param name="root">The project's own namespace.</param>
    /// <param name="architecture">The compiled code.</param>
    internal static IReadOnlyList<string> Folders(string root, ArchUnitNET.Domain.Architecture architecture) =>
        [
            .. architecture
                .Types.Select(type => type.Namespace?.FullName ?? string.Empty)
                .Where(name => name.StartsWith($"{root}.", StringComparison.Ordinal))
                .Select(name => name[(root.Length + 1)..].Split('.')[0])
                .Distinct(),
        ];

    internal static IReadOnlyList<string> UpwardReferences(string root, string[] folders, ArchUnitNET.Domain.Architecture architecture) =>
        [
            .. folders.SelectMany(
                (folder, level) =>
                    folders
                        .Skip(level + 1)
                        .SelectMany(above =>
                            Violations(
                                Types()
                                    .That()
                                    .ResideInNamespaceMatching(Within($"{root}.{folder}"))
                                    .Should()
                                    .NotDependOnAnyTypesThat()
                                    .ResideInNamespaceMatching(Within($"{root}.{above}"))
                                    .WithoutRequiringPositiveResults(),
                                architecture
                            )
                        )
            ),
        ];

    internal static IReadOnlyList<string> Violations(IArchRule rule, ArchUnitNET.Domain.Architecture architecture) =>
        [.. rule.Evaluate(architecture).Where(result => !result.Passed).Select(result => result.Description)];

    internal static string Within(string name) => $"^{name.Replace(".", @"\.", StringComparison.Ordinal)}(\\.|$)";
}

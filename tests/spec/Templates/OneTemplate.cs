using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Templates;

/// <summary>A service with one stack, whose template a test writes.</summary>
internal static class OneTemplate
{
    /// <summary>Reads the service.</summary>
    /// <param name="template">The template.</param>
    /// <param name="parameters">The step's parameters, as deployer.yaml has them.</param>
    /// <param name="nested">The template <c>stacks/nested.yaml</c>.</param>
    public static SpecReading Read(string template, string parameters = "{}", string? nested = null)
    {
        var folder = new MemoryFolder(
            (
                SpecFile.Name,
                $$"""
                service: shop
                targets:
                  dev: { account: "111111111111", region: us-east-1, values: { size: "3" } }
                steps:
                  t: { stack: "shop-${target}", template: stacks/t.yaml, parameters: {{parameters}} }
                """
            ),
            ("stacks/t.yaml", template)
        );
        return SpecReader.Read(nested is null ? folder : folder.With("stacks/nested.yaml", nested));
    }

    public static IEnumerable<string> Faults(string template, string parameters = "{}", string? nested = null) =>
        Read(template, parameters, nested).Faults.Select(fault => fault.ToString());

    public static IEnumerable<string> Notices(string template, string parameters = "{}") =>
        Read(template, parameters).Notices.Select(notice => notice.ToString());
}

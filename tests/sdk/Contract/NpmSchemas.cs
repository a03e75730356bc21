using System.Text.Json;
using Deployer.Tests.Npm;

namespace Deployer.Sdk.Tests.Contract;

/// <summary>
/// What the npm packages <c>@aws-sdk/client-*</c> say, through the generator's reader. Installs them where they are missing.
/// </summary>
public sealed class NpmSchemas
{
    private static readonly NodeGenerator Generator = new(Path.Combine(Repository.Root, "sdk", "generate"));

    /// <summary>The reader's document.</summary>
    internal JsonElement Read() => Print("describe.mjs");

    /// <summary>The document that a script of the generator prints.</summary>
    internal JsonElement Print(string script)
    {
        var (exit, text) = Run(script);
        exit.ShouldBe(0, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <inheritdoc cref="NodeGenerator.Run"/>
    internal (int Exit, string Text) Run(string script, params string[] arguments) => Generator.Run(script, arguments);
}

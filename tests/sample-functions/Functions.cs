using System.Text.Json.Serialization;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Deployer.SampleFunctions;
using Microsoft.Extensions.DependencyInjection;

[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<SampleJson>))]
[assembly: LambdaGlobalProperties(GenerateMain = true)]

namespace Deployer.SampleFunctions;

/// <summary>What the functions take and answer.</summary>
public sealed record Note(string? Text);

/// <summary>The types of payloads.</summary>
[JsonSerializable(typeof(Note))]
public sealed partial class SampleJson : JsonSerializerContext;

/// <summary>What <see cref="Functions.Fail"/> throws.</summary>
public sealed class SampleFailedException(string message) : Exception(message);

/// <summary>Fails where a test asks for it.</summary>
[LambdaStartup]
public sealed class Startup
{
    /// <summary>Registers nothing.</summary>
    public void ConfigureServices(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable("SAMPLE_DOES_NOT_START") is { } reason)
        {
            throw new SampleFailedException(reason);
        }
    }
}

/// <summary>Functions for tests of what runs functions.</summary>
public sealed class Functions
{
    /// <summary>Answers with what it was given.</summary>
    [LambdaFunction]
    public Task<Note> Echo(Note input, ILambdaContext context)
    {
        context.Logger.LogInformation("echoed");
        return Task.FromResult(input);
    }

    /// <summary>Fails with what it was given as message.</summary>
    [LambdaFunction]
    public Task<Note> Fail(Note input) => throw new SampleFailedException(input.Text ?? "no reason");
}

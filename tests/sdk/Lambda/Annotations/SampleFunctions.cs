using System.Text.Json.Serialization;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Deployer.Sdk.Tests.Lambda.Annotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<SampleJson>))]

namespace Deployer.Sdk.Tests.Lambda.Annotations;

internal sealed record Question(string Text);

internal sealed record Answer(string Text, int Calls);

[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(Answer))]
internal sealed partial class SampleJson : JsonSerializerContext;

internal interface IGreeting
{
    string For(string name);
}

internal sealed class Hello : IGreeting
{
    public string For(string name) => $"Hello {name}";
}

/// <summary>Counts the invocations of its scope: always one.</summary>
internal sealed class ScopedCounter
{
    private int _calls;

    public int Next() => ++_calls;
}

[LambdaStartup]
internal sealed class SampleStartup
{
    public void ConfigureServices(IServiceCollection services)
    {
        services.TryAddSingleton<IGreeting, Hello>();
        services.AddScoped<ScopedCounter>();
    }
}

internal sealed class SampleFunctions(IGreeting greeting)
{
    [LambdaFunction(ResourceName = "Greet")]
    public Task<Answer> GreetSomeone(Question input, [FromServices] ScopedCounter counter, ILambdaContext context)
    {
        context.Logger.LogInformation($"{context.FunctionName} greets");
        return Task.FromResult(new Answer(greeting.For(input.Text), counter.Next()));
    }

    [LambdaFunction]
    public Task SwallowAnything(Question input) => Task.CompletedTask;
}

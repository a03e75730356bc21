using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Deployer.Functions;

[assembly: LambdaSerializer(typeof(FunctionsSerializer))]
[assembly: LambdaGlobalProperties(GenerateMain = true)]

namespace Deployer.Functions;

/// <summary>Payloads in camel case, by the source-generated <see cref="FunctionsJson"/>.</summary>
public sealed class FunctionsSerializer() : SourceGeneratorLambdaJsonSerializer<FunctionsJson>(
    options => options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);

/// <summary>Every type that a handler takes or returns.</summary>
[JsonSerializable(typeof(Health))]
public sealed partial class FunctionsJson : JsonSerializerContext;

using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Deployer.Functions.Tests;

/// <summary>
/// The functions use of the Lambda libraries what the official ones have, so that these can take the place of those in <c>sdk/</c>:
/// https://github.com/aws/aws-lambda-dotnet/tree/8314921/Libraries/src. A name that is new here is looked up there first.
/// </summary>
public sealed class OfficialLambdaLibrariesTests
{
    /// <summary>What the entry of an in-process host comes through; the functions as Lambda runs them do without it.</summary>
    private const string Own = "Amazon.Lambda.RuntimeSupport.InProcessBootstrap";

    private static readonly string[] Official =
    [
        "Amazon.Lambda.Annotations.LambdaFunctionAttribute",
        "Amazon.Lambda.Annotations.LambdaFunctionAttribute..ctor",
        "Amazon.Lambda.Annotations.LambdaGlobalPropertiesAttribute",
        "Amazon.Lambda.Annotations.LambdaGlobalPropertiesAttribute..ctor",
        "Amazon.Lambda.Annotations.LambdaStartupAttribute",
        "Amazon.Lambda.Annotations.LambdaStartupAttribute..ctor",
        "Amazon.Lambda.Core.ILambdaContext",
        "Amazon.Lambda.Core.ILambdaContext.get_AwsRequestId",
        "Amazon.Lambda.Core.ILambdaContext.get_FunctionName",
        "Amazon.Lambda.Core.ILambdaContext.get_InvokedFunctionArn",
        "Amazon.Lambda.Core.ILambdaContext.get_Logger",
        "Amazon.Lambda.Core.ILambdaLogger",
        "Amazon.Lambda.Core.ILambdaLogger.LogLine",
        "Amazon.Lambda.Core.ILambdaSerializer",
        "Amazon.Lambda.Core.LambdaSerializerAttribute",
        "Amazon.Lambda.Core.LambdaSerializerAttribute..ctor",
        "Amazon.Lambda.RuntimeSupport.HandlerWrapper",
        "Amazon.Lambda.RuntimeSupport.HandlerWrapper.GetHandlerWrapper",
        "Amazon.Lambda.RuntimeSupport.LambdaBootstrap",
        "Amazon.Lambda.RuntimeSupport.LambdaBootstrap.RunAsync",
        "Amazon.Lambda.RuntimeSupport.LambdaBootstrapBuilder",
        "Amazon.Lambda.RuntimeSupport.LambdaBootstrapBuilder.Build",
        "Amazon.Lambda.RuntimeSupport.LambdaBootstrapBuilder.Create",
        "Amazon.Lambda.RuntimeSupport.LambdaBootstrapBuilder.UseBootstrapHandler",
        "Amazon.Lambda.RuntimeSupport.LambdaBootstrapInitializer",
        "Amazon.Lambda.RuntimeSupport.LambdaBootstrapInitializer..ctor",
        "Amazon.Lambda.Serialization.SystemTextJson.AbstractLambdaJsonSerializer",
        "Amazon.Lambda.Serialization.SystemTextJson.AbstractLambdaJsonSerializer.Deserialize",
        "Amazon.Lambda.Serialization.SystemTextJson.AbstractLambdaJsonSerializer.Serialize",
        "Amazon.Lambda.Serialization.SystemTextJson.JsonSerializerException",
        "Amazon.Lambda.Serialization.SystemTextJson.SourceGeneratorLambdaJsonSerializer`1",
        "Amazon.Lambda.Serialization.SystemTextJson.SourceGeneratorLambdaJsonSerializer`1..ctor",
    ];

    [Fact]
    public void Every_name_that_the_functions_use_is_one_of_the_official_libraries() =>
        Used(typeof(Startup).Assembly.Location)
            .Where(name => name != Own && !name.StartsWith($"{Own}.", StringComparison.Ordinal))
            .ShouldBe(Official);

    private static List<string> Used(string assembly)
    {
        using var stream = File.OpenRead(assembly);
        using var file = new PEReader(stream);
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata
                .TypeReferences.Select(handle => Name(metadata, handle))
                .Concat(metadata.MemberReferences.Select(handle => Name(metadata, metadata.GetMemberReference(handle))))
                .OfType<string>()
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string? Name(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return
            type.ResolutionScope.Kind == HandleKind.AssemblyReference
            && metadata
                .GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name)
                .StartsWith("Amazon.Lambda.", StringComparison.Ordinal)
            ? $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"
            : null;
    }

    private static string? Name(MetadataReader metadata, MemberReference member)
    {
        var owner = member.Parent.Kind switch
        {
            HandleKind.TypeReference => Name(metadata, (TypeReferenceHandle)member.Parent),
            HandleKind.TypeSpecification => Generic(metadata, (TypeSpecificationHandle)member.Parent),
            _ => null,
        };
        return owner is null ? null : $"{owner}.{metadata.GetString(member.Name)}";
    }

    /// <summary>The generic type of which this is an instance.</summary>
    private static string? Generic(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return null;
        }

        signature.ReadByte();
        return signature.ReadTypeHandle() is { Kind: HandleKind.TypeReference } type ? Name(metadata, (TypeReferenceHandle)type) : null;
    }
}

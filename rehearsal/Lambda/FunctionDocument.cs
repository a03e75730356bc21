using System.Globalization;
using System.Reflection;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Rehearsal.Lambda.Functions;

namespace Deployer.Rehearsal.Lambda;

/// <summary>A function as the API shows it.</summary>
internal static class FunctionDocument
{
    /// <summary>The configuration; of a published version when one is named.</summary>
    public static FunctionConfiguration Describe(Function function, string version)
    {
        var settings = function.Settings;
        var isLatest = version == FunctionVersions.Latest;
        return new FunctionConfiguration
        {
            FunctionName = function.Name,
            FunctionArn = isLatest ? function.Arn : $"{function.Arn}:{version}",
            Runtime = settings.Runtime,
            Role = settings.Role,
            Handler = settings.Handler,
            CodeSize = settings.Code.Size,
            Description = settings.Description,
            Timeout = settings.Timeout,
            MemorySize = settings.MemorySize,
            LastModified = function.LastModified.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture),
            CodeSha256 = settings.Code.Sha256,
            Version = version,
            VpcConfig = settings.Network is { } network
                ? new VpcConfigDetail { SubnetIds = [.. network.SubnetIds], SecurityGroupIds = [.. network.SecurityGroupIds] }
                : null,
            Environment = settings.Environment is { } variables
                ? new EnvironmentResponse { Variables = new Dictionary<string, string>(variables, StringComparer.Ordinal) }
                : null,
            KMSKeyArn = settings.KmsKeyArn,
            TracingConfig = new TracingConfigResponse { Mode = settings.TracingMode },
            RevisionId = function.RevisionId,
            Layers = settings.Layers.Count == 0 ? null : [.. settings.Layers.Select(layer => new Layer { Arn = layer })],
            State = isLatest ? function.State : State.Active,
            StateReason = function.State switch
            {
                "Pending" => "The function is being created.",
                "Failed" => function.Failure,
                _ => null,
            },
            StateReasonCode = function.State switch
            {
                "Pending" => StateReasonCode.Creating,
                "Failed" => StateReasonCode.InternalError,
                _ => null,
            },
            LastUpdateStatus = isLatest ? function.LastUpdateStatus : LastUpdateStatus.Successful,
            LastUpdateStatusReason = isLatest && function.LastUpdateStatus == "Failed" ? function.Failure : null,
            LastUpdateStatusReasonCode =
                isLatest && function.LastUpdateStatus == "Failed" ? LastUpdateStatusReasonCode.InternalError : null,
            PackageType = settings.PackageType,
            Architectures = [.. settings.Architectures.Select(architecture => new Architecture(architecture))],
            EphemeralStorage = new EphemeralStorage { Size = settings.EphemeralStorage },
            LoggingConfig = new LoggingConfig { LogFormat = settings.LogFormat, LogGroup = function.LogGroup },
        };
    }

    /// <summary>The configuration of the function itself.</summary>
    public static FunctionConfiguration Describe(Function function) => Describe(function, FunctionVersions.Latest);

    /// <summary>The same members in the answer of one operation: the SDK has a class for each.</summary>
    public static TResponse As<TResponse>(this object document)
        where TResponse : new()
    {
        var response = new TResponse();
        foreach (var target in typeof(TResponse).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            target.SetValue(response, document.GetType().GetProperty(target.Name)!.GetValue(document));
        }

        return response;
    }
}

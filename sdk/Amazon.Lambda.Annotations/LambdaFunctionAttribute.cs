namespace Amazon.Lambda.Annotations;

/// <summary>Marks a method as the handler of one Lambda function.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html</remarks>
[AttributeUsage(AttributeTargets.Method)]
public class LambdaFunctionAttribute : Attribute
{
    /// <summary>The function's logical id in the template.</summary>
    public string? ResourceName { get; set; }

    /// <summary>Seconds after which Lambda ends an invocation.</summary>
    public uint Timeout { get; set; }

    /// <summary>Memory in MiB.</summary>
    public uint MemorySize { get; set; }

    /// <summary>The function's execution role.</summary>
    public string? Role { get; set; }

    /// <summary>Managed policies of the execution role, comma-separated.</summary>
    public string? Policies { get; set; }
}

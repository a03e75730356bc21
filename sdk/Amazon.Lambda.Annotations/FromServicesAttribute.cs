namespace Amazon.Lambda.Annotations;

/// <summary>Takes a handler's parameter from the service container, in the invocation's scope.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html</remarks>
[AttributeUsage(AttributeTargets.Parameter)]
public class FromServicesAttribute : Attribute;

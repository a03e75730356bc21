namespace Amazon.Lambda.Core;

/// <summary>Names the serializer of an assembly's or a method's handlers.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html</remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Assembly)]
public sealed class LambdaSerializerAttribute(Type serializerType) : Attribute
{
    /// <summary>An <see cref="ILambdaSerializer"/> with a constructor without parameters.</summary>
    public Type SerializerType { get; set; } = serializerType;
}
